"""What invented people write: reports, notes, reasons. Plain sentences that claim nothing of real bodies."""

PROGRESS = (
    "Đã phân công đơn vị đầu mối và lập kế hoạch chi tiết; đang thu thập tài liệu.",
    "Dự thảo lần một đã xong, đang lấy ý kiến các đơn vị.",
    "Đã hoàn thành phần khảo sát; phần tổng hợp còn chờ số liệu của cơ quan phối hợp.",
    "Đã họp thống nhất phạm vi với cơ quan phối hợp, bắt đầu triển khai.",
    "Tiến độ bảo đảm; sản phẩm chính đã hình thành khung.",
)
STUCK = (
    "Còn vướng do chưa có văn bản hướng dẫn; đang đề nghị cơ quan liên quan trả lời.",
    "Chậm do kinh phí chưa được bố trí; đã có văn bản đề nghị bổ sung.",
    "Nhân sự phụ trách thay đổi, công việc phải bàn giao lại.",
)
SUBMISSION = (
    "Đã hoàn thành sản phẩm theo yêu cầu, gửi kèm minh chứng, đề nghị phê duyệt kết quả.",
    "Sản phẩm đã ban hành; gửi kèm văn bản và bảng tổng hợp kết quả.",
    "Đã hoàn thành và đưa vào sử dụng; gửi kèm báo cáo kết quả.",
)
AGAIN = "Đã bổ sung theo ý kiến trả lại; gửi kèm bản hoàn chỉnh."
RETURN_NOTES = (
    "Sản phẩm chưa được cấp có thẩm quyền ký ban hành; đề nghị bổ sung bản chính thức.",
    "Minh chứng chưa đủ: thiếu bảng tổng hợp số liệu kèm theo.",
    "Nội dung chưa đúng phạm vi được giao; đề nghị rà soát lại.",
)
APPROVAL_NOTES = ("Sản phẩm đạt yêu cầu.", "Đồng ý với kết quả.", "")
EFFECTIVE = (
    "Kết quả đã được sử dụng, người dân và cơ quan liên quan xác nhận có thay đổi.",
    "Chỉ số liên quan cải thiện rõ sau khi hoàn thành.",
)
NOT_EFFECTIVE = (
    "Đã có sản phẩm nhưng chưa được đưa vào sử dụng.",
    "Chưa thấy thay đổi ở chỉ số mà nhiệm vụ hướng tới.",
)
DISPUTE_REASON = "Nội dung thuộc lĩnh vực quản lý của cơ quan khác; đề nghị giao lại cho cơ quan phù hợp."
UPHOLD_NOTE = "Nội dung thuộc chức năng của cơ quan được giao; giữ nguyên phân công."
TRANSFER_NOTE = "Chuyển cơ quan chủ trì theo lĩnh vực quản lý; cơ quan cũ phối hợp."
WITHDRAW_NOTE = "Nội dung trùng với nhiệm vụ đã giao; rút nhiệm vụ này."
CANCEL_REASON = "Không còn phù hợp sau khi điều chỉnh kế hoạch chung."
SUSPEND_REASON = "Tạm dừng để chờ quy định mới có hiệu lực."
RESUME_NOTE = "Quy định đã ban hành; tiếp tục thực hiện."
EXTENSION_REASON = "Cần thêm thời gian lấy ý kiến các cơ quan liên quan."
