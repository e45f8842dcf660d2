"""How the figures of a head's record come about, in words; the words are frozen into every dossier.

They are those of an official document and therefore Vietnamese whatever the language of the screen. A change of
the rule is a new version here, so that an old dossier still says by which rule it was made.
"""

METHOD_VERSION = 1
METHOD: tuple[str, ...] = (
    (
        "Người đứng đầu chỉ trả lời về những ngày mình giữ chức. Mỗi việc tính cho người đang giữ chức vào ngày của "
        "việc đó: ngày thời hạn kết thúc, ngày kết quả được phê duyệt, ngày bị trả lại, ngày quyết định."
    ),
    (
        "Tính các nhiệm vụ do cơ quan chủ trì. Không tính dự thảo, nhiệm vụ riêng của cơ quan và phần việc mà cơ quan "
        "chủ trì tự giữ lại trong nhiệm vụ lớn. Mỗi lần đến hạn của nhiệm vụ định kỳ tính là một nhiệm vụ."
    ),
    (
        "Phải thực hiện = hoàn thành trong hạn + hoàn thành muộn + đang quá hạn + đang làm, còn hạn + đang tạm dừng + "
        "rút hoặc chuyển đi + nợ cũ đã xong + nợ cũ còn lại. Nhiệm vụ xong trước hạn tính vào kỳ có ngày phê duyệt."
    ),
    (
        "Đúng hạn xét theo thời hạn có hiệu lực vào ngày đó; thời hạn đầu tiên vẫn ghi bên cạnh. Ngày cuối của thời "
        "hạn vẫn là trong hạn; hết ngày đó mà chưa xong là quá hạn."
    ),
    (
        "Việc nhận bàn giao nêu riêng. Việc đã quá hạn trước ngày giữ chức là nợ cũ, không tính vào hoàn thành muộn và "
        "đang quá hạn của người nhận."
    ),
    (
        "Nguyên nhân khách quan đã được chấp thuận (gia hạn vì nguyên nhân khách quan, tạm dừng, kiến nghị được chấp "
        "nhận) nêu riêng, không tính là khuyết điểm."
    ),
    "Hồ sơ chỉ nêu dữ kiện để người có thẩm quyền xem xét; hệ thống không tự đánh giá, không kết luận về cá nhân.",
    "Kinh phí chưa được theo dõi trên hệ thống nên hồ sơ không có số liệu về tiền.",
)
