"""Who can be charged: heads of agency names, posts, generic groups, and names whose words mislead."""

from thuocdo.engine.extraction.view import PhraseTable, fold

# A body's name begins with one of these and goes on with a capital (or with tỉnh, thành phố ...).
BODY_HEADS = PhraseTable("""
bộ, ban, văn phòng, ủy ban, ủy ban nhân dân, ubnd, ub, hđnd, hội đồng, hội đồng nhân dân, ubmttq, sở, cục
tổng cục, vụ, viện, viện kiểm sát, vksnd, tand
tòa án, thanh tra, kiểm toán, ngân hàng, đài, báo, tạp chí, thông tấn xã, công an, quân khu, bộ tư lệnh
bộ chỉ huy, tập đoàn, tổng công ty, công ty, đảng ủy, đảng bộ, đảng đoàn
tỉnh ủy, thành ủy, huyện ủy, quận ủy, ban cán sự đảng, đảng ủy các, quốc hội, mặt trận, hội, liên đoàn
tổng liên đoàn, liên hiệp, liên minh, trung ương đoàn, trung ương hội
tỉnh đoàn, thành đoàn, bảo hiểm xã hội, bhxh, học viện, đại học, trường, trường đại học, trung tâm, kho bạc
kho bạc nhà nước, cơ quan thường trực, tổ công tác, tổ giúp việc
tổ thư ký, ban quản lý, ban quản lý dự án, ban quản lý các dự án
ban chỉ huy, ban chỉ đạo, chi cục, phòng, thuế, hải quan, cảng vụ, cổng, nhà xuất bản
bệnh viện, quỹ, hiệp hội, phòng thương mại, cơ quan, thường trực, ban thường vụ
khoa, viễn thông, công đoàn, lâm trường, nông trường
thuế tỉnh, thống kê, agribank, vietcombank, điện lực, bưu điện, tp, thành phố, tỉnh, xã, phường, đặc khu
liên đoàn lao động, kiểm lâm, biên phòng, tiểu ban, nhóm, đoàn kiểm tra, cụm, tổ
đồn, đồn biên phòng, hạt, hạt kiểm lâm, trạm, trạm y tế, chi bộ, đảng ủy xã, đảng ủy phường, công an xã, khu, vườn
vườn quốc gia, nhà máy, nhà hát, thư viện, bảo tàng, xí nghiệp, hợp tác xã, trường trung học, trường tiểu học
trường mầm non
trường trung học cơ sở, trường trung học phổ thông, trường cao đẳng, nhà văn hóa, đoàn, đoàn thanh niên, hội phụ nữ
hội liên hiệp, hội cựu chiến binh, hội nông dân, hội chữ thập đỏ, liên hiệp hội, ban chấp hành, ban dân vận
ban tổ chức
ban tuyên giáo, ban nội chính, ủy ban kiểm tra, ủy ban mặt trận tổ quốc, ủy ban mttq, mttq
ủy ban mặt trận tổ quốc việt nam
đội, hải đội, sư đoàn, lữ đoàn, bộ đội, ban pháp chế, ban kinh tế, văn phòng đảng ủy, văn phòng hđnd, tòa án nhân dân
viện kiểm sát nhân dân, kho bạc nhà nước khu vực, chi nhánh, ban quản trị, hãng, ga, cảng, sân bay, tổng kho, sàn
viện hàn lâm
""")

# Posts; a name of a body or a person, or a class, follows.
POSTS = PhraseTable("""
bộ trưởng, thứ trưởng, chủ nhiệm, phó chủ nhiệm, tổng giám đốc, phó tổng giám đốc, giám đốc, phó giám đốc
chủ tịch, phó chủ tịch, bí thư, phó bí thư, chánh văn phòng, phó chánh văn phòng
chánh thanh tra, chánh án, viện trưởng, tổng thanh tra, tổng kiểm toán, thống đốc, cục trưởng, tổng cục trưởng
vụ trưởng, trưởng ban, phó trưởng ban, tổ trưởng, thủ trưởng
hiệu trưởng, trưởng phòng, trưởng công an, chỉ huy trưởng, tư lệnh, đồng chí, phó thủ tướng, trưởng ngành
lãnh đạo, trưởng đoàn, ủy viên, thủ tướng, thành viên, thường trực, tổng biên tập, viện trưởng viện
chánh án tòa án, phó giám đốc, đồng chí phó giám đốc, trưởng trạm, trưởng thôn, trưởng bản, chánh thanh tra bộ
kế toán trưởng, phó trưởng phòng, phó hiệu trưởng, viện trưởng viện kiểm sát, trưởng các, giám đốc sở, đội trưởng
đồn trưởng
hạt trưởng, chi cục trưởng, phó chủ tịch thường trực, phó bí thư thường trực, trưởng tiểu ban, thư ký, tổng thư ký
""")

# Bodies named without a capital after the head, or complete in themselves.
WHOLE_NAMES = PhraseTable("""
cơ quan thường trực, cơ quan thường trực ban chỉ đạo, chính phủ, quốc hội, văn phòng chính phủ
văn phòng quốc hội, thanh tra tỉnh, thanh tra chính phủ, thanh tra thành phố, công an tỉnh
công an thành phố, văn phòng ubnd tỉnh, văn phòng ubnd thành phố, văn phòng ủy ban nhân dân tỉnh
bộ chỉ huy quân sự tỉnh, kiểm toán nhà nước, ngân hàng nhà nước, ngân hàng nhà nước việt nam
kho bạc nhà nước, bảo hiểm xã hội tỉnh, thuế tỉnh, mặt trận tổ quốc, mặt trận tổ quốc việt nam, tổ giúp việc
tổ công tác, ủy ban nhân dân tỉnh, ủy ban nhân dân thành phố, ubnd tỉnh, ubnd thành phố
tỉnh ủy, thành ủy, đảng ủy mặt trận tổ quốc, đảng ủy mặt trận tổ quốc các đoàn thể trung ương, báo và phát thanh
báo và phát thanh truyền hình, vnpt, viettel, evn, pvn, vcci, fpt, mobifone, vnpost
hội đồng nhân dân tỉnh, thường trực tỉnh ủy, ban thường vụ tỉnh ủy, chủ tịch ubnd tỉnh
chủ tịch ủy ban nhân dân tỉnh, văn phòng tỉnh ủy, thống kê tỉnh, tỉnh đoàn, hội nông dân tỉnh, cơ quan này
bộ này, sở này, đơn vị này, ngân hàng này, tập đoàn này, tỉnh này, địa phương này, ban này, cục này, viện này, ubnd xã
ủy ban nhân dân xã, ubnd phường, ủy ban nhân dân phường, ubnd đặc khu, công an xã, công an phường, thanh tra bộ
thanh tra sở
văn phòng bộ, văn phòng sở, văn phòng ban, văn phòng đảng ủy, văn phòng thành ủy, chánh văn phòng bộ, chánh văn phòng
đảng ủy xã, đảng ủy phường, đảng ủy ubnd tỉnh, đảng ủy ubnd thành phố, hđnd tỉnh, hđnd xã, hội đồng nhân dân xã
thường trực hội đồng nhân dân, thường trực hđnd, thường trực thành ủy, thường trực đảng ủy, ban thường vụ đảng ủy
ban thường vụ thành ủy, ban chỉ đạo, ban chỉ huy quân sự xã, bộ đội biên phòng tỉnh, cơ quan này, trường này
hai bộ, phòng này, văn phòng này, ủy ban này, tổng công ty này, công ty này
""")

# Full names after which anything may follow; they end the search for the end of the name.
FULL_NAMES = tuple(
    sorted(
        (
            fold(entry.strip())
            for entry in """
bộ quốc phòng|bộ công an|bộ ngoại giao|bộ nội vụ|bộ tư pháp|bộ tài chính|bộ công thương
bộ nông nghiệp và môi trường|bộ xây dựng|bộ văn hóa, thể thao và du lịch
bộ khoa học và công nghệ|bộ giáo dục và đào tạo|bộ y tế|bộ dân tộc và tôn giáo|ngân hàng nhà nước việt nam
thanh tra chính phủ|văn phòng chính phủ|bộ kế hoạch và đầu tư
bộ thông tin và truyền thông|bộ giao thông vận tải|bộ lao động - thương binh và xã hội
bộ tài nguyên và môi trường|bộ nông nghiệp và phát triển nông thôn|văn phòng trung ương đảng
ban tổ chức trung ương|ủy ban kiểm tra trung ương|ban tuyên giáo và dân vận trung ương|ban nội chính trung ương
ban chính sách, chiến lược trung ương|ban kinh tế trung ương
đảng ủy chính phủ|đảng ủy quốc hội|đảng ủy các cơ quan đảng trung ương
đảng ủy mặt trận tổ quốc, các đoàn thể trung ương|đảng ủy công an trung ương|quân ủy trung ương
tòa án nhân dân tối cao|viện kiểm sát nhân dân tối cao|kiểm toán nhà nước|văn phòng quốc hội
văn phòng chủ tịch nước|ủy ban trung ương mặt trận tổ quốc việt nam
viện hàn lâm khoa học và công nghệ việt nam|viện hàn lâm khoa học xã hội việt nam|đài truyền hình việt nam
đài tiếng nói việt nam|thông tấn xã việt nam|bảo hiểm xã hội việt nam
tổng liên đoàn lao động việt nam|trung ương đoàn tncs hồ chí minh|hội liên hiệp phụ nữ việt nam
hội nông dân việt nam|hội cựu chiến binh việt nam|học viện chính trị quốc gia hồ chí minh
tập đoàn điện lực việt nam|sở nông nghiệp và môi trường|sở khoa học và công nghệ|sở giáo dục và đào tạo
sở văn hóa, thể thao và du lịch|sở xây dựng|sở tài chính|sở nội vụ|sở y tế
sở tư pháp|sở công thương|sở dân tộc và tôn giáo|sở ngoại vụ|sở du lịch|cơ quan thường trực ban chỉ đạo
báo và phát thanh, truyền hình|đảng ủy mặt trận tổ quốc, các đoàn thể tỉnh
đảng ủy mặt trận tổ quốc, các đoàn thể thành phố
đảng ủy mặt trận tổ quốc, các đoàn thể chính trị - xã hội tỉnh|ban thường vụ tỉnh ủy|ban thường vụ thành ủy
ban thường vụ đảng ủy|sở ngoại vụ và hợp tác quốc tế|ban quản lý khu kinh tế|viện hàn lâm khoa học và công nghệ
cục quản lý khám, chữa bệnh|cục giám sát, thẩm định và xử lý sau thanh tra
vụ giám sát, thẩm định và xử lý sau thanh tra
cục quản lý, giám sát chính sách thuế, phí và lệ phí|cục quản lý, giám sát bảo hiểm
cục quản lý, giám sát kế toán, kiểm toán
bộ chỉ huy quân sự tỉnh|bộ chỉ huy bộ đội biên phòng tỉnh|liên đoàn lao động tỉnh
liên đoàn lao động thành phố|hội liên hiệp phụ nữ tỉnh|hội nông dân tỉnh|ủy ban mặt trận tổ quốc việt nam tỉnh
ủy ban mặt trận tổ quốc việt nam xã|ủy ban mặt trận tổ quốc việt nam phường|ngân hàng chính sách xã hội
văn phòng hđnd và ubnd|văn phòng hđnd và ubnd xã|văn phòng hđnd và ubnd phường|văn phòng hđnd và ubnd đặc khu
văn phòng hội đồng nhân dân và ủy ban nhân dân|văn phòng hội đồng nhân dân và ủy ban nhân dân xã
văn phòng hội đồng nhân dân và ủy ban nhân dân phường|văn phòng đoàn đbqh và hđnd tỉnh|văn phòng đoàn đbqh và hđnd
ban tổ chức tỉnh ủy|ban tổ chức thành ủy|ủy ban kiểm tra tỉnh ủy|ủy ban kiểm tra thành ủy|ban nội chính tỉnh ủy
ban tuyên giáo và dân vận tỉnh ủy|ban tuyên giáo và dân vận thành ủy|văn phòng tỉnh ủy|văn phòng thành ủy
""".replace("\n", "|").split("|")
            if entry.strip()
        ),
        key=len,
        reverse=True,
    )
)

# The same by their first word, for the search at every word of a text.
FULL_NAMES_BY_WORD = {
    word: tuple(name for name in FULL_NAMES if name.split()[0] == word) for word in {n.split()[0] for n in FULL_NAMES}
}

# Words that make a group generic, and what such a group is made of.
GROUP_OPENERS = PhraseTable(
    "cả hai, cả ba, cả bốn, hai, ba, bốn, mọi, các, mỗi, từng, một số, những, tất cả các, toàn thể,"
    " tất cả, toàn bộ các, hai, ba, 02, 03"
)
GROUP_NOUNS = PhraseTable("""
bộ, ngành, bộ ngành, cơ quan, đơn vị, địa phương, sở, ban, sở ngành, ban ngành, cấp, cấp ủy, cấp ủy đảng
đồng chí lãnh đạo, tổ chức đảng, tỉnh ủy, thành ủy, đảng ủy, huyện ủy, bên, bên liên quan, đồng chí, tổ chức
tập đoàn, tổng công ty
tỉnh, thành phố, huyện, quận, xã, phường, thị trấn, đặc khu, thành viên, đoàn thể, hội, hội đoàn thể, chủ đầu tư
ban quản lý dự án, cơ sở giáo dục, cơ sở y tế, trường đại học, trường, bệnh viện, viện, viện nghiên cứu
cơ quan ngang bộ, cơ quan thuộc chính phủ, cơ quan trung ương, doanh nghiệp nhà nước, cán bộ, công chức, cá nhân
ngân hàng, ngân hàng thương mại, tổ chức tín dụng, cơ quan báo chí, cơ quan, nhà mạng, cấp xã, cấp tỉnh
cấp phòng, cấp vụ
ubnd, ủy ban nhân dân, chính quyền, chính quyền địa phương, người đứng đầu, thủ trưởng, lãnh đạo, trưởng ngành
bí thư, chủ tịch, bộ trưởng, cơ quan chủ trì, cơ quan chủ quản, cơ quan quản lý nhà nước, cơ quan quản lý
cơ quan chủ trì soạn thảo luật, cơ quan chủ trì soạn thảo, nhà đầu tư, doanh nghiệp dự án, nhà mạng, khoa, bộ môn
phân hiệu, chi nhánh, nhà máy, xí nghiệp
cơ quan soạn thảo
cơ quan tham mưu giúp việc, cán bộ lãnh đạo, cán bộ quản lý, cơ quan thanh tra
cơ quan kiểm tra, đơn vị chủ trì, cơ quan chuyên môn, cơ quan chức năng
đơn vị sự nghiệp, đơn vị sự nghiệp công lập, sở ban ngành, phòng, ban, trung tâm, cục, vụ, tổng cục, công ty
tổ chức chính trị - xã hội
trạm y tế, thôn, tổ dân phố, hợp tác xã, đài, báo, cơ quan tố tụng, cơ quan tham mưu, tỉnh thành, bộ phận
văn phòng, tổ công tác, cơ quan đảng, đảng viên, người lao động, viên chức, chi bộ, bản, khu phố, ban đảng
ban xây dựng đảng
tổ đại biểu, đại biểu hội đồng nhân dân, ban quản lý rừng, chủ rừng, đồn biên phòng, hạt kiểm lâm, trưởng phòng
phó thủ tướng
sở, phòng chuyên môn, phòng ban, ban hội đồng nhân dân, quận huyện, thủ trưởng đơn vị, bảo hiểm xã hội
ban quản lý, hiệp hội
tổ công nghệ, cơ sở, đơn vị thành viên, nhóm, tiểu ban, trường học, trường tiểu học, trường phổ thông, kho bạc
tòa án, viện kiểm sát
 tổ công nghệ số cộng đồng, thanh tra, doanh nghiệp viễn thông, nhà thầu
đại học, học viện, lực lượng, công an, doanh nghiệp, nhà trường, chuyên gia, tổ chức quốc tế
""")

# A group noun that needs no opener to be an addressee.
BARE_GROUPS = PhraseTable("""
người đứng đầu, thủ trưởng, thủ trưởng các, cấp ủy, cấp ủy đảng, chính quyền địa phương, chính quyền
lãnh đạo các, bộ, ngành, cơ quan, đơn vị, địa phương, ubnd các, ubnd cấp, ủy ban nhân dân các
ủy ban nhân dân cấp
chủ tịch ubnd các, chủ tịch ubnd cấp, chủ tịch ủy ban nhân dân các, chủ tịch ủy ban nhân dân cấp, bí thư các
bí thư cấp ủy, giám đốc các, giám đốc sở, bộ trưởng các bộ, bộ trưởng, công an các, công an cấp, sở ngành, sở
các
trưởng ban quản lý, hiệu trưởng các, đảng ủy các, đảng ủy xã, đảng ủy cấp, ban quản lý các, chủ đầu tư
cơ quan chủ quản, cơ quan chủ trì, đơn vị chủ trì, người đứng đầu các, trạm y tế các, hđnd các
hội đồng nhân dân các
cán bộ, công chức, đảng viên, công chức các, viên chức, người lao động, cán bộ đảng viên, trưởng các, trưởng phòng các
tổ trưởng các, trưởng thôn, trưởng bản, giám đốc các sở, chi bộ các, trường các, bảo hiểm xã hội các
kho bạc nhà nước các
thủ trưởng đơn vị, thủ trưởng cơ quan, trưởng đơn vị, trưởng khoa, trưởng bộ phận, trưởng đoàn kiểm tra
hạt kiểm lâm các, đồn biên phòng các, chủ rừng, chủ hồ, chủ tàu, hộ kinh doanh
chủ tịch hđnd các, thường trực cấp ủy, cấp ủy các cấp, các cấp ủy, công an cấp xã, tập thể, quý cơ quan, quý đơn vị
nhà thầu, đơn vị thi công, tư vấn giám sát, đoàn viên, hội viên, thành viên ban chỉ đạo, thành viên tổ công tác
ban chỉ đạo các
văn phòng các, phòng ban, tổ dân phố, ban điều hành các, ban công tác mặt trận các
trung tâm phục vụ hành chính công các
""")

# Words inside names that would else look like the verb after the name.
NAME_COMPOUNDS = PhraseTable("""
công nghệ thông tin, an toàn thông tin, thông tin và truyền thông, thông tin đối ngoại, giáo dục và đào tạo
kế hoạch và đầu tư, kế hoạch đầu tư, đầu tư xây dựng, xúc tiến đầu tư, đầu tư công, đầu tư nước ngoài
quản lý dự án, quản lý nhà nước, quản lý thị trường, quản lý đất đai, quản lý chất lượng, quản lý khu kinh tế
quản lý khu công nghiệp, quản lý xuất nhập cảnh, quản lý doanh nghiệp, phát triển nông thôn, phát triển doanh nghiệp
phát triển quỹ đất, phát triển hạ tầng, bảo vệ thực vật, bảo vệ môi trường, bảo vệ trẻ em, kiểm soát bệnh tật
kiểm soát thủ tục hành chính, đăng ký đất đai, đăng ký kinh doanh, giám sát điều hành, thi đua khen thưởng
tổ chức cán bộ, dự trữ nhà nước, dịch vụ hành chính công, phục vụ hành chính công, phòng cháy chữa cháy
chuyển đổi số, thị trường trong nước, thị trường nước ngoài, quản lý khám, sở hữu trí tuệ, kiểm soát, phục vụ
hợp tác quốc tế, pháp chế, hạ tầng kỹ thuật
công nghệ, công nghiệp, thú y, quản lý dược, đăng kiểm, hỗ trợ doanh nghiệp, phòng hộ, đặc dụng, hỗ trợ pháp lý
quản lý đê điều
bồi dưỡng chính trị, bảo trợ xã hội, bảo tồn thiên nhiên, dân số, đổi mới sáng tạo, dạy nghề, kiểm nghiệm
kiểm định, ứng dụng công nghệ
""")

# Subjects that nobody can be held to.
ABSTRACT_SUBJECTS = (
    "nhà nước|toàn dân|nhân dân|người dân|mọi người dân|doanh nghiệp(?! (?:viễn thông|nhà nước|bưu"
    " chính))|các doanh nghiệp(?! (?:viễn thông|nhà nước|bưu chính|bảo hiểm|xăng dầu|cung cấp|trúng thầu|quản lý))"
    "|cộng đồng doanh nghiệp|mỗi doanh nghiệp|mỗi người dân"
    "|toàn hệ thống chính trị|cả hệ thống chính trị|toàn xã hội|mỗi nhiệm vụ|mỗi chương trình|chúng ta"
    "|toàn đảng|đất nước|việt nam|các đại biểu|các đồng chí dự họp"
)
