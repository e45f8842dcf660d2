"""Word lists of administrative Vietnamese: what orders, what is ordered, what only sounds like an order.

Everything is lower case; spelling is unified when the lists are loaded. Lines group words by meaning, nothing more.
"""

from thuocdo.engine.extraction.view import PhraseTable

# Verbs that can head an ordered action. A phrase counts only in lower case,
# or at the start of a sentence or item.
ACTION_VERBS = PhraseTable("""
rà soát, thống kê, tổng hợp, tổng kết, sơ kết, đánh giá, phân tích, nghiên cứu, khảo sát, điều tra, đối soát
đối chiếu, kiểm kê
xây dựng, ban hành, soạn thảo, biên soạn, dự thảo, hoàn thiện, hoàn chỉnh, hoàn thành, hoàn tất, sửa đổi, sửa
bổ sung, bãi bỏ, thay thế
trình, tham mưu, đề xuất, kiến nghị, báo cáo, gửi, nộp, cung cấp, cập nhật, công bố, công khai, thông báo
niêm yết, thông tin
lập, thành lập, kiện toàn, hình thành, thiết lập, thiết kế, tạo lập, tạo, tạo điều kiện, mở, mở rộng
lập danh sách
tổ chức, triển khai, thực hiện, thi hành, chấp hành, tuân thủ, áp dụng, ứng dụng, vận dụng, thí điểm, thử nghiệm
vận hành, khai thác
sử dụng, kết nối, liên thông, tích hợp, chia sẻ, đồng bộ, số hóa, chuẩn hóa, làm sạch, đồng bộ hóa, tự động hóa
thể chế hóa, cụ thể hóa
nâng cấp, nâng cao, cải tiến, cải thiện, cải cách, cải tạo, đổi mới, phát triển, đẩy mạnh, đẩy nhanh, thúc đẩy
tăng cường, tăng, mở đợt
giảm, cắt giảm, cắt, đơn giản hóa, rút ngắn, tiết kiệm, tiết giảm, loại bỏ, dừng, tạm dừng, chấm dứt, thu hồi
hủy bỏ, xóa bỏ, xóa, thu gọn
kiểm tra, thanh tra, giám sát, kiểm soát, kiểm toán, thẩm định, thẩm tra, thẩm duyệt, phê duyệt, phê chuẩn
xem xét, xét duyệt, quyết định
theo dõi, đôn đốc, hướng dẫn, chỉ đạo, lãnh đạo, điều hành, điều phối, quán xuyến, phụ trách, phối hợp, chủ trì
phân công, phân cấp, phân bổ
giao, giao nhiệm vụ, ủy quyền, bố trí, cân đối, cấp phát, cấp bù, cấp đủ, cấp mã, cấp kinh phí, giải ngân
thanh toán, quyết toán, huy động
chuẩn bị, lựa chọn, lập hồ sơ, mua sắm, đấu thầu, đặt hàng, ký kết, ký, nghiệm thu, bàn giao, tiếp nhận
tiếp thu, giải trình, giải quyết
xử lý, tháo gỡ, khắc phục, chấn chỉnh, ngăn chặn, phòng ngừa, phòng chống, chống, ứng phó, truy quét
xử phạt, kỷ luật, thay thế
bảo đảm, đảm bảo, duy trì, giữ, giữ vững, bảo vệ, bảo mật, bảo trì, củng cố, gìn giữ, chăm lo, chăm sóc, hỗ trợ
trợ giúp, ưu tiên, khuyến nghị
tập huấn, đào tạo, bồi dưỡng, phổ biến, tuyên truyền, quán triệt, truyền thông, giáo dục, vận động, phổ cập
giới thiệu, đưa tin, đăng tải
tuyển dụng, tuyển chọn, điều động, luân chuyển, sắp xếp, bổ nhiệm, cử, tinh giản, tinh gọn, thu hút, mời
khen thưởng, biểu dương, tôn vinh
định hướng, xác định, xác minh, xác nhận, xác thực, thống nhất, đề ra, quy định, ấn định, làm rõ, chỉ rõ
phân loại, phân tích, nhận diện, phát hiện, dự báo
chuyển, chuyển đổi, chuyển giao, di dời, đưa, bổ trợ, đầu tư, thi công, khởi công, khánh thành, lắp đặt, mua
thuê, cho thuê, chi trả, nhập, quét
điều chỉnh, cơ cấu lại, tái cơ cấu, quy hoạch, chọn, làm việc, trao đổi, lấy ý kiến, tham vấn, đối thoại
trả lời, phản hồi, tiếp dân
tập trung, tập trung nguồn lực, thể hiện, đăng ký, khai báo, kê khai, lưu trữ, lưu giữ, quản lý, theo sát
bám sát, nắm, nắm vững, nắm chắc, nắm bắt, nhân rộng, lan tỏa, phát huy
phát động, phát hành, in ấn, xuất bản, tổ chức lại, bố trí lại, tính toán, đo, đo lường, quan trắc, giám định
kiểm định, kiểm nghiệm
chịu trách nhiệm, có biện pháp, có giải pháp, có kế hoạch, có cơ chế, có văn bản, có phương án, có lộ trình
có báo cáo, có hướng dẫn, có chính sách
có sự, có ý kiến, có trách nhiệm, đề cao, nêu cao, nêu gương, gương mẫu, tiên phong, quyết tâm, nỗ lực, cố gắng
hành động, vào cuộc, làm, nhận thức, nhận thức rõ, coi, xem
gắn, gắn kết, khơi thông, khơi dậy, khuyến khích, bám, thúc, dành, dự trữ, dự phòng, tích trữ, điều tiết, xả
trồng, nuôi
cứu trợ, sơ tán, di dân, tiêm, khám
chuyển mạnh, làm chủ, thương mại hóa, nội địa hóa, hiện đại hóa, xã hội hóa, chuyên nghiệp hóa, tối ưu
tối ưu hóa, chuẩn xác, tái sử dụng, tách, gộp, sáp nhập, hợp nhất, giải thể
đưa vào, đưa ra, chú ý, chú trọng, quan tâm, lưu ý, nhắc nhở, đẩy lùi, đấu tranh, xóa đói, hiến kế
khẳng định rõ, xin ý kiến, tiến hành, hoạch định, dự toán, rút kinh nghiệm, kiểm điểm
niêm phong, phong tỏa, thu thập, tích lũy, sưu tầm, mã hóa, công nhận, chứng nhận, cấp giấy, cấp phép
cấp tài khoản, cấp điện, cấp nước, cấp chứng thư, phủ sóng, xóa vùng lõm, gia hạn, lùi thời hạn
đề nghị, yêu cầu, khởi động, đi đầu, đi tiên phong, mở lớp, đối ứng, bảo lãnh, tái định cư, bồi thường
giải phóng, thu phí, miễn
giảm bớt, hạn chế, tránh, rút, khoanh, khoanh vùng, giãn, hoãn, kết thúc, thảo luận
dứt điểm, phân luồng, khắc phục, phát dọn, cắm, trực cháy, trực ban, di chuyển, giúp, lồng ghép, gắn biển
gắn mã, lắp mới, ra quân, làm đầu mối, duy tu, bảo dưỡng, nạo vét, san gạt, tu bổ, tôn tạo, phục hồi, khôi phục
tái thiết, gia cố, tháo dỡ, cưỡng chế, giải tỏa, thu gom, vớt, phân rác, tái chế, tiêu hủy, khống chế, khử khuẩn
cách ly, điều trị, cứu chữa, cấp cứu, tiêm chủng, khám bệnh, cấp thuốc, cấp phát thuốc, chi hỗ trợ, hoàn trả
hoàn thuế, truy thu, truy nã, truy tìm, điều tra làm rõ, khởi tố, truy tố, xét xử, thi hành án, bắt giữ, triệt phá
đấu giá, thẩm định giá, định giá, xác lập, tạo nguồn, gọi vốn, kêu gọi, xúc tiến, quảng bá, giới thiệu, kết nghĩa
ký số, ký cam kết, cam kết, đăng cai, đón tiếp, tiếp đón, tiếp xúc, đi kiểm tra, thị sát, kiểm điểm, tự kiểm tra
đánh số, đánh mã, dán nhãn, dán, gắn nhãn, cấm, cho học sinh, cho dừng, cho phép thí điểm, bắn pháo hiệu, neo đậu
cảnh báo, báo động, phát lệnh, phát tin, truyền tin, đưa tin, thông tin đến, thông báo đến, phản ánh, tiếp sóng
giải đáp, giải thích, giải ngân hết, giải quyết dứt điểm, giải quyết xong, thanh lý, kiểm tu, đại tu, sửa chữa
lát vỉa hè, chỉnh trang, trồng rừng, trồng mới, trồng cây, chăm bón, thu hoạch, gieo cấy, gieo trồng, xuống giống
bơm nước, tích nước, xả lũ, cắt lũ, điều phối liên hồ, canh gác, tuần tra, kiểm soát chặt, chốt chặn
xếp hạng, chấm điểm, bình xét, bình chọn, tuyên dương, trao tặng, tặng, tặng quà, thăm hỏi, động viên
chia tách, sắp đặt, bố trí đủ, phân bổ chi tiết, giao chi tiết, phân khai, nhập kho, xuất kho, xuất cấp, cấp gạo
cấp vốn, tạm ứng, thu nộp, thu hút đầu tư, thu thập ý kiến, nhận bàn giao, tiếp quản, chuyển nguồn
chuyển tiền, chuyển hồ sơ, chuyển cơ quan, mở lớp, mở cửa, mở thầu, đóng cửa, đóng điện, đấu nối, hòa lưới
phát điện, thông xe, thông tuyến, nối thông, xử lý xong, hoàn chỉnh hồ sơ, hoàn trả mặt bằng, kiểm đếm, đo đạc
cắm mốc, trích đo, lập bản đồ, biên tập, hiệu đính, sao lưu, phục hồi dữ liệu, vá lỗi, quét mã
cài đặt, cấu hình, đồng bộ dữ liệu, di trú, di trú dữ liệu, chuyển máy chủ, thuê dịch vụ, mua thêm, trang bị
bổ nhiệm lại, miễn nhiệm, luân phiên, biệt phái, tăng cường cán bộ, cắt cử, chỉ định, ủy thác, ủy nhiệm, thay mặt
thừa ủy quyền, thay đổi, đổi mới, hủy, hủy bỏ, xóa, xóa bỏ, xóa nợ, giãn nợ, khoanh nợ, hạ lãi suất
nâng, nâng tỷ lệ, nâng mức, nâng chất lượng, phấn đấu đạt, duy trì ổn định
lấy, lấy mẫu, lấy phiếu, lấy kết quả, xét nghiệm, phân lập, giải mã, giải trình tự, sàng lọc, tầm soát, quản trị
tự chủ, tự cân đối, tự đánh giá, tự cập nhật, tự rà soát, tự khắc phục, đào tạo lại, bồi dưỡng lại, hướng nghiệp
dạy học, tập luyện, diễn tập, huấn luyện, thực tập, tổ chức thi, tuyển sinh, xét tuyển
nghiêm túc thực hiện, tự giác, sẵn sàng, ứng trực, chi viện, tiếp tế, cứu hộ, cứu nạn, tìm kiếm, tìm kiếm cứu nạn
trả nợ, trả lời kiến nghị, trả kết quả, tiếp công dân, hòa giải, giải quyết khiếu nại, bảo hộ, trợ cấp
khai thông, phá dỡ, xây mới, xây lắp, hoàn công, bảo hành, chạy thử, vận hành thử
lựa chọn nhà thầu, chọn nhà thầu, mời thầu, ký hợp đồng, thanh lý hợp đồng, thông qua, biểu quyết
tham gia, tham gia ý kiến, góp ý, cho ý kiến, phản biện, tư vấn, giám sát chặt, chất vấn, giải trình rõ
kêu gọi đầu tư, liên kết, hợp tác quốc tế, đàm phán, ký thỏa thuận, gia nhập, phê phán
siết chặt, siết, nới lỏng, gỡ vướng, gỡ bỏ, dỡ bỏ, khoán, đặt mục tiêu, đề cử, đề bạt, quy hoạch lại
chủ trì họp, họp giao ban, chốt số liệu, khóa sổ, đối khớp, khớp nối
phân cấp quản lý, phân quyền, ủy quyền, bàn giao mặt bằng, giải phóng mặt bằng, kích hoạt, kích cầu, bao tiêu
truy xuất, truy vết, minh bạch hóa, hợp thức hóa, thương lượng, thẩm tra lại, rà quét, rà phá, tẩy độc, xử lý triệt để
niêm yết công khai, dành kinh phí, dành quỹ đất, trích, trích lập, trích ngân sách, tiết kiệm chi, cắt giảm chi
tái cấp vốn, giám sát từ xa, dự trù, dự báo sớm, định danh, cấp mã định danh, tiếp thị, ươm tạo, tăng tốc
phát thanh, in và cấp phát, in và phát, gửi kèm, báo số liệu
tính đúng, tính đủ, cải thiện chỉ số, hạch toán, kiểm phiếu, quản lý chặt, bám nắm, nắm tình hình, nhắc nhở, đôn đốc
""")

# Words that may stand between the addressee and the verb without changing what is ordered.
ADVERBS = PhraseTable("""
khẩn trương, tiếp tục, chủ động, kịp thời, tích cực, thường xuyên, quyết liệt, nghiêm túc, trực tiếp, sớm
nhanh chóng, đồng thời, cùng, cũng
kiên quyết, tập trung, tập trung nguồn lực, tập trung cao độ, tự, đồng loạt, ngay, phải, cần, cần phải, nghiêm
chủ động tích cực, từng bước, lập tức
tiên phong trong việc, nhất thiết, cơ bản, chính thức, định kỳ, lần lượt, thực sự, hết sức, đặc biệt
cương quyết, dứt khoát, khẩn cấp, triệt để
""")

# Ordering words between the addressee and the verb; they show force but are no part of the action.
MODALS = PhraseTable("""
phải, cần, cần phải, có trách nhiệm, có nhiệm vụ, được giao, được yêu cầu, được phân công, được giao nhiệm vụ
được đề nghị, chịu trách nhiệm chính, phải có trách nhiệm, cần có trách nhiệm, có trách nhiệm phải
""")

# The authority's verbs. The weak ones order only before a verb, or before an addressee with phải or cần.
STRONG_DIRECTIVES = (
    "giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|yêu cầu|đề nghị|phân công|chỉ đạo|chỉ thị|ra lệnh cho"
)
WEAK_DIRECTIVES = "nhấn mạnh|lưu ý|nêu rõ|gợi mở|nhắc nhở|quán triệt"

# Who speaks with authority in reports and conclusions: a post, perhaps a name, then the verb.
SPEAKERS = (
    "tổng bí thư|chủ tịch nước|thủ tướng chính phủ|phó thủ tướng thường trực|phó thủ tướng chính phủ|phó thủ tướng"
    "|thủ tướng|chủ tịch quốc hội|phó chủ tịch quốc hội|thường trực ban bí thư|trưởng ban chỉ đạo"
    "|phó trưởng ban chỉ đạo"
    "|ban chỉ đạo|ban bí thư|bộ chính trị|thường trực ban chỉ đạo|thường trực chính phủ|chính phủ|lãnh đạo chính phủ"
    "|chủ tịch ủy ban nhân dân (?:tỉnh|thành phố|xã|phường)|chủ tịch ubnd (?:tỉnh|thành phố|xã|phường)"
    "|ủy ban nhân dân (?:tỉnh|thành phố)|ubnd (?:tỉnh|thành phố)|bí thư tỉnh ủy|bí thư thành ủy|ban thường vụ tỉnh ủy"
    "|ban thường vụ thành ủy|bộ trưởng|người đứng đầu chính phủ|ông|bà|đồng chí|phó chủ tịch|chủ tịch"
    "|chủ tọa|hội nghị"
)

# Predicates too empty to be checked ("làm thực chất"); alone they are no assignment.
VAGUE_ACTIONS = PhraseTable("""
hành động ngay, hành động, vào cuộc, vào cuộc quyết liệt, làm thực chất, làm, quyết tâm, nỗ lực, cố gắng
làm tốt
""")

# Attitudes: an assignment only with an ordering verb and an addressee.
ATTITUDES = PhraseTable("""
nêu cao, đề cao, giữ vững, giữ nghiêm, gương mẫu, nêu gương, chống, tránh, kiên trì, tiên phong, có sự, thể hiện
bám sát, biến, coi, xem, khẳng định rõ, làm thực chất
""")

# Verbs that yield a product, and the nouns a product begins with.
YIELDING_VERBS = PhraseTable("""
ban hành, xây dựng, lập, trình, hoàn thiện, hoàn chỉnh, sửa đổi, sửa, bổ sung, công bố, công khai, thành lập
kiện toàn, hình thành, cung cấp, mở, báo cáo, gửi
thống nhất, điều chỉnh, đề xuất, biên soạn, soạn thảo, dự thảo, phê duyệt, ký, phát hành, tạo lập, thiết lập
thiết kế, nghiên cứu, tham mưu, xác định
nộp, đề ra, chuẩn bị, hoàn thành, quy định, thay thế, tổng hợp, phát triển, đăng tải, niêm yết, ký kết
xuất bản, lắp đặt, biên tập, gửi kèm, chia sẻ
""")
PRODUCT_NOUNS = PhraseTable("""
quy chế, bộ luật, kế hoạch, đề án, dự án, danh mục, danh sách, báo cáo, bộ tiêu chí, tiêu chí, tiêu chuẩn, quy chuẩn
phương án, nghị định, dự thảo, thông tư, nghị quyết
quyết định, chỉ thị, công văn, văn bản, luật, chương trình, hệ thống, nền tảng, cơ sở dữ liệu, cổng, phần mềm
công cụ, chuyên trang, chuyên mục, hướng dẫn, quy định
định mức, lộ trình, lịch, bảng xếp hạng, bảng, bộ chỉ số, chỉ số, tỷ lệ, tổ công tác, các tổ công tác
tổ giúp việc, bản đồ, sổ tay, cẩm nang, tài liệu, bộ tài liệu, quy trình
hồ sơ, biểu mẫu, mẫu, khung, bộ khung, kiến trúc, khung kiến trúc, chiến lược, quy hoạch, tờ trình, hợp đồng
biên bản, bản ghi nhớ, giấy phép, kết luận, ứng dụng di động
trung tâm, ban chỉ đạo, tổ kiểm tra, tổ rà soát, tổ chỉ đạo, hội đồng, đường dây nóng, kho dữ liệu, trợ lý ảo
mô hình thí điểm, sàn, trục
mạng lưới, bản tin, thống kê, số liệu, kết quả rà soát, đơn giá
bộ câu hỏi, bộ dữ liệu, bộ mã, bộ quy tắc, quy tắc, cơ chế phối hợp, đề cương, nội quy, phác đồ, giáo trình
dự toán, đoàn kiểm tra, đoàn công tác, đoàn, tổ giám sát, tổ phản ứng nhanh, tổ liên ngành, tổ thẩm định, tiểu ban
cơ chế ưu đãi
cơ chế đấu giá, cơ chế hỗ trợ, cơ chế tài chính, cơ chế điều phối, cơ chế giám sát, cơ chế chia sẻ, gói tín dụng
gói hỗ trợ
giá vật liệu, bảng giá, đơn giá, chốt kiểm dịch, hồ sơ khoa học, hồ sơ dự án, chính sách thu hút
chính sách hỗ trợ, đội xung kích
ban quản lý, câu lạc bộ, sổ theo dõi, mã số, luồng tuyến, bộ nhận diện, trang tin, chuyên đề, bài giảng
chương trình đào tạo
khung năng lực, phóng sự, tin bài, mục lục
biểu tổng hợp, biểu thống kê, tờ rơi, thỏa thuận, nhật ký, sổ, phiếu, trang thông tin, app
""")
