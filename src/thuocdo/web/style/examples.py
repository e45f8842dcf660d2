"""Invented figures for the style page; the bodies are real, what is said of them is not."""

# name, score, rank, low, high, class, five pillars, change in points, change in rank
BODIES = [
    {
        "name": name,
        "score": score,
        "rank": rank,
        "low": low,
        "high": high,
        "class": class_code,
        "pillars": pillars,
        "change": change,
        "moved": moved,
        "provenance": provenance,
    }
    for name, score, rank, low, high, class_code, pillars, change, moved, provenance in (
        ("Thành phố Hà Nội", 91.37, 1, 1, 2, "excellent", (93, 88, 92, 85, 94), 1.25, 1, "system"),
        ("Quảng Ninh", 90.02, 2, 1, 3, "excellent", (95, 90, 89, 88, 90), -0.40, -1, "system"),
        ("Thành phố Đà Nẵng", 84.6, 3, 3, 6, "good", (86, 79, 85, 90, 84), 2.1, 4, "cross_checked"),
        ("Thành phố Huế", 83.95, 4, 3, 7, "good", (82, 80, 86, 81, 86), 0, 0, "independent"),
        ("Bắc Ninh", 83.7, 5, 3, 8, "good", (88, 85, 82, 80, 81), -0.15, 0, "declared"),
        ("Lâm Đồng", 71.2, 19, 15, 23, "fair", (70, 62, 74, 68, 75), 0.95, 2, "derived"),
        ("Cà Mau", 58.44, 31, 28, 33, "average", (55, 61, 57, 60, 62), -3.05, -5, "declared"),
        ("Điện Biên", 47.9, 34, 33, 34, "weak", (44, 52, 46, 41, 55), None, None, "declared"),
    )
]

# code, sentence, body, status, working days left, percent reached, percent that should be reached
TASKS = [
    {"code": code, "text": text, "body": body, "status": status, "days": days, "at": at, "due": due}
    for code, text, body, status, days, at, due in (
        ("NV-0412", "Trình Chính phủ nghị định quy định chi tiết Luật Chuyển đổi số", "Bộ Khoa học và Công nghệ",
         "overdue", -12, 60, 100),
        ("NV-0398", "Hoàn thành kết nối cơ sở dữ liệu hộ tịch với cơ sở dữ liệu quốc gia về dân cư", "Bộ Tư pháp",
         "due_soon", 3, 85, 95),
        ("NV-0377", "Công bố danh mục dịch vụ công trực tuyến toàn trình", "Văn phòng Chính phủ",
         "on_time", 41, 40, 35),
        ("NV-0365", "Bố trí tối thiểu 3% ngân sách cho khoa học, công nghệ và chuyển đổi số", "Bộ Tài chính",
         "done", None, 100, 100),
        ("NV-0350", "Xây dựng nền tảng học trực tuyến mở quốc gia", "Bộ Giáo dục và Đào tạo",
         "not_started", 78, 0, 5),
        ("NV-0341", "Rà soát quy chuẩn về trạm sạc và hạ tầng số", "Bộ Xây dựng", "suspended", None, 20, 45),
    )
]  # fmt: skip

SCORES = {
    code: 45 + (int(code) * 37 % 53) + int(code) % 7 * 0.13
    for code in (
        "01", "04", "08", "11", "12", "14", "15", "19", "20", "22", "24", "25", "31", "33", "37", "38", "40",
        "42", "44", "46", "48", "51", "52", "56", "66", "68", "75", "79", "80", "82", "86", "91", "92",
    )
}  # fmt: skip

CHANGES = [
    ("Kết quả được chấp nhận; hiệu quả sẽ đánh giá sau hai quý.", "Văn phòng Chính phủ"),
    ("Bộ Tư pháp nộp lại kết quả kèm biên bản nghiệm thu.", "Bộ Tư pháp"),
    ("Kết quả bị trả lại: quyết định ban hành chưa có chữ ký.", "Văn phòng Chính phủ"),
    ("Gia hạn đến 31/12/2026 theo Thông báo kết luận; hạn ban đầu vẫn được giữ để tính chậm.", "Ban Chỉ đạo"),
    ("Giao nhiệm vụ từ mục 3.b của Thông báo kết luận.", "Ban Chỉ đạo"),
]
