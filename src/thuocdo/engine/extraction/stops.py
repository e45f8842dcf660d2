"""What never is an assignment, however much it looks like one, as patterns over flat text."""

from thuocdo.engine.extraction.view import PhraseTable, phrase

# Sections that judge, aim or explain; nothing in them is ordered.
SKIPPED_SECTION = phrase(
    r"(?:về )?(?:quan điểm|mục tiêu|chỉ tiêu|nguyên tắc|đánh giá(?: chung| tình hình| kết quả)?|tình hình|kết quả"
    r"|tồn tại|hạn chế|nguyên nhân|mục đích|bối cảnh"
    r"|sự cần thiết|bài học(?: kinh nghiệm)?|dự báo|căn cứ|cơ sở pháp lý|kiến nghị|đề xuất|ý kiến|thực trạng"
    r"|ưu điểm|khó khăn|giải thích từ ngữ|phạm vi|đối tượng|thành phần|nội dung thảo luận|ý kiến thảo"
    r" luận|diễn biến|kính gửi|phương châm)"
)
TASK_SECTION = phrase(
    r"(?:nhiệm vụ|giải pháp|tổ chức thực hiện|phân công|công việc|biện pháp|trách nhiệm|kết luận|chỉ đạo|xử lý"
    r"|yêu cầu chung|yêu cầu)"
)
# Words that save a section whose heading also judges or aims ("Mục tiêu, nhiệm vụ").
WORK_SECTION = phrase(r"(?:xử lý|nhiệm vụ|giải pháp|tổ chức thực hiện|phân công|biện pháp)")
# Lists of those a telegram or a letter is sent to.
SENDING_LIST = phrase(r"(?:kính gửi|điện|gửi) ?:", whole=False)

# A whole sentence that orders nothing: facts, the past, what others promised or proposed, refusals, standing formulas.
SENTENCE = phrase(
    r"(?:^(?:\([^)]{2,30}\) ?-? ?|[a-zđ]{2,6} - )?"
    r"(?:trước đó|trước đây|thời gian qua|những năm qua|năm qua|vừa qua|đến nay|hiện nay|hiện|tính đến"
    r"|tuy nhiên|tuy vậy|mặc dù|nhờ|qua đó|kết quả là|dự họp|tham dự|cùng dự|báo cáo tại)(?!\w)"
    r"|^(?:\([^)]{2,30}\) ?-? ?|[a-zđ]{2,6} - )?(?:(?:sáng|trưa|chiều|tối) (?:ngày )?\d|ngày \d{1,2}[-/.]\d{1,2})"
    r"|ban hành (?:thông báo|quyết định|chỉ thị|công điện|nghị quyết|kế hoạch|kết luận|công văn)(?: kết luận)? số \d"
    r"|^trong đó, (?:làm rõ|nêu rõ|xác định rõ|tập trung làm rõ|cần làm rõ)"
    r"|(?:nếu|trường hợp)(?: có)?(?: khó khăn,?| phát sinh,?)* (?:vướng mắc|phát sinh|khó khăn)"
    r"[^.;]*(?:phản ánh|báo cáo|gửi|liên hệ|kịp thời)"
    r"|xác định phương châm|về phương châm|nhiều ý kiến|có ý kiến cho rằng|theo đại diện"
    r"|đại biểu (?:kiến nghị|đề nghị|cho rằng|đề xuất)"
    r"|(?:nào|ai|nơi nào|đâu)(?: mà)? (?:không|chưa|để|vướng|chậm|thực hiện không|vi phạm|thiếu)"
    r"[^.]*(?:phải|chịu trách nhiệm|bị|xử lý|kiểm điểm|thay thế)"
    r"|đề nghị (?:quý |các )?[^.;,]{2,40}? (?:(?:quan tâm|khẩn trương|nghiêm túc|phối hợp|triển khai"
    r"|tổ chức|chỉ đạo|thực hiện|và)[ ,]*)+[./ ]*$"
    r"|thông báo (?:để|đến|tới|kết luận)[^.;]*(?:biết|thực hiện)|(?:này|đây) bị bãi bỏ"
    r"|(?<!ngày\s)(?<!khi\s)(?:thông báo|chỉ thị|công điện|quyết định|nghị quyết|kế hoạch|quy định) này có hiệu lực"
    r"|(?:xin|đề nghị|vui lòng|mời) liên hệ|(?:ảnh|video|nguồn|tin|bài) ?:|cho biết,? |theo báo cáo"
    r"|chịu trách nhiệm thi hành)"
)
# "A; B; C chịu trách nhiệm thi hành Quyết định này": a formula, however many bodies stand before it.
FORMULA = phrase(
    r"chịu trách nhiệm (?:tổ chức )?thi hành (?:nghị quyết|quyết định|chỉ thị|kế hoạch|quy định|quy chế|thông tư) này"
)
# A clause between semicolons that orders nothing, while its neighbours may.
CLAUSE = phrase(
    r"(?:nếu (?:không|chậm|vi phạm|để xảy ra|cố tình)|(?<!ký\s)cam kết|hứa|nghiêm cấm|tuyệt đối không"
    r"|không đồng ý|chưa đồng ý|chưa (?:được )?(?:thống nhất|đặt ra|xem xét|chấp thuận)|thống nhất (?:chưa|không)"
    # "UBND thành phố đề nghị Bộ ban hành ...": asked of the issuer itself.
    r"|đề nghị bộ(?= (?:ban hành|hướng dẫn|sớm|cho|xem xét|hỗ trợ|bổ sung|quan tâm|sửa đổi|trình|tháo gỡ)(?!\w))"
    r"|sẽ (?:được )?xem xét|đang được xem xét|không tính vào|khuyến khích các|được khuyến khích"
    r"|(?:kiến nghị|đề xuất|đề nghị|đề đạt) (?:chính phủ |thủ tướng(?: chính phủ)? |quốc hội |ban chỉ đạo |tỉnh "
    r"|cấp trên )?(?:xem xét )?(?:giao|cho phép|cho)(?! (?:các )?(?:đại biểu))"
    r"|được (?:quốc hội|chính phủ|thủ tướng)[^.;,]* bố trí)"
)
# "Thực hiện ý kiến của ..., Bộ A đã có văn bản hướng dẫn": the reason why a letter is written, with what was done.
TOLD_REASON = phrase(
    r"(?:thực hiện|triển khai|căn cứ|theo|phúc đáp|trả lời) [^;]*?, (?:bộ|sở|ubnd|ủy ban|văn phòng|cục|ban|thường trực)"
    r"[^,;]{0,60} (?:đã|sẽ|xin)(?!\w)",
    whole=False,
)
# Words right after a subject that make the sentence a fact, a promise, a permission or a prohibition.
NOT_ORDERED = PhraseTable("""
đã, sẽ, đang, chưa, không, không được, có thể, được khuyến khích, vừa, vẫn, còn, bị, cho biết, cho rằng
khẳng định, nhận định, báo cáo tại
phát biểu, kết luận, cam kết, dự kiến
đều, luôn, là, được phép, nên, được đánh giá, có quyền, khuyến khích, mong muốn, đánh giá cao
mong, mong đợi, kêu gọi, hy vọng, tin tưởng, nêu rõ, nhấn mạnh, lưu ý, thông tin thêm, chia sẻ thêm, chủ trì cuộc họp
chủ trì phiên họp, chủ trì hội nghị, thường xuyên xảy ra, trình bày
ghi nhận, biểu dương, hoan nghênh, đồng ý, nhất trí, đã được
cơ bản thống nhất
""")
# Beginnings of praise, consent and prohibition, which order nothing by themselves.
NO_ORDER = PhraseTable("""
đánh giá cao, biểu dương, ghi nhận, hoan nghênh, cảm ơn, đồng ý, nhất trí, cơ bản thống nhất, thống nhất với
thống nhất chủ trương, khuyến khích, cho phép, ban hành kèm theo, bãi bỏ nhiệm vụ, bổ sung nhiệm vụ, sửa đổi nhiệm vụ
điều chỉnh nhiệm vụ, bỏ nhiệm vụ, chấp thuận, cho chủ trương, kết thúc phiên họp, kết thúc cuộc họp
điều chỉnh thời hạn, lùi thời hạn, gia hạn, không, nghiêm cấm, cấm, không được
tuyệt đối không, chưa, tránh, không để, không chấp nhận
""")
# Beginnings of a sentence that only place what follows: after them and a comma a bare verb may still order.
FRONTED = phrase(
    r"(?:về|đối với|với|căn cứ|thực hiện|trên cơ sở|khi|liên quan|hằng|nhân dịp|trong|để|nhằm|thời"
    r" gian tới|bên cạnh|cùng với|tại|trên|từ|sau|đến|riêng|ngoài"
    r"|trước mắt|qua|do đó|vì vậy|theo đó|đồng thời|cụ thể|những tháng|trước hết|các kiến nghị)"
)
# Linking words at the start of a clause; they are no part of the assignment.
LINK = phrase(
    r"(?:đồng thời|bên cạnh đó|cùng với đó|ngoài ra|cụ thể là|cụ thể(?! hóa)|do đó|vì vậy|vì thế|theo đó|mặt khác"
    r"|trước mắt|trước hết|tiếp theo|song song với đó|thời gian tới|tới đây|nhưng|song|riêng|và|trong đó"
    r"|đặc biệt là|đặc biệt"
    # "Theo Thủ tướng, cần chăm lo ...": the authority's words, told by a reporter.
    r"|theo (?:tổng bí thư|chủ tịch nước|(?:phó )?thủ tướng(?: chính phủ)?|chủ tịch quốc hội)[^,;.]{0,30}"
    r"(?=, (?:cần|phải) )"
    r"),?"
)
CAPTION = phrase(
    r"(?:ảnh|video|đồ họa|nguồn|minh họa)(?: minh họa)?(?: \d+)?(?: ?:|\.| ?\()|ảnh \d+|[^.]{5,140} - ảnh \d+\.?$",
    whole=False,
)
# A row of a table that no longer asks for anything.
CLOSED_ROW = phrase(
    r"(?:đã (?:được )?(?:hoàn thành|thực hiện xong|xong|ban hành|trình|bỏ|rút|hủy|đưa ra|kết thúc|nghiệm thu)|bãi bỏ"
    r"|loại bỏ|không thực hiện|không tiếp tục|dừng thực hiện|đưa ra khỏi|hủy bỏ|rút khỏi|bỏ)"
)
DITTO_CELL = phrase(r"[-\s\"'/]*(?:nt|như trên|n t|n\.t\.?)[-\s\"'/.]*|[\"'/-]+", whole=False)
DEFERRED = phrase(r"(?:chưa|không|thôi|tạm dừng|dừng việc|hủy việc) (?:giao|yêu cầu|phân công|đặt vấn đề)")
