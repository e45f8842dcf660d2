"""The site map."""

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from . import live
from .administration import acts as administration_acts
from .administration import keys as administration_keys
from .administration import views as administration
from .bodies import analysis as body_analysis
from .bodies import suggest
from .bodies import views as bodies
from .data_entry import deciding as figure_decisions
from .data_entry import offline as figure_offline
from .data_entry import sheets as figure_sheets
from .data_entry import views as data_entry
from .dictionary import own as own_indicators
from .dictionary import paths as target_paths
from .dictionary import views as dictionary
from .directives import acts, again, shaping, together
from .directives import views as directives
from .exchanges.burden import views as burden
from .exchanges.identifiers import views as identifiers
from .exchanges.mappings import views as mappings
from .feeds import views as feeds
from .figures import views as figures
from .figures.restated import restated_figures
from .findings import samples as finding_samples
from .findings import views as findings
from .heads import dossiers as head_dossiers
from .heads import listing as head_lists
from .heads import views as heads
from .home import views as home
from .indicators import views as indicators
from .ledger import views as ledger
from .meetings import conclusion as meeting_conclusion
from .meetings import conclusions as meeting_conclusions
from .meetings import notices as meeting_notices
from .meetings import packs as meeting_packs
from .meetings import views as meetings
from .method import structure as method_structure
from .method import views as method
from .methods import acts as method_acts
from .methods import views as methods
from .my_calendar import views as my_calendar
from .my_work import reporting as my_work_reporting
from .my_work import views as my_work
from .notices import ladder as notice_ladder
from .notices import settings as notice_settings
from .notices import views as notices
from .overview import views as overview
from .partners import views as partners
from .quality import views as quality
from .rankings import views as rankings
from .signals import views as signals
from .style import views as style
from .tasks import for_systems
from .tasks import layouts as task_layouts
from .tasks import views as tasks
from .tasks.board import views as task_board
from .tasks.bulk import views as task_bulk
from .tasks.calendar import views as task_calendar
from .tasks.clarity import views as clarity
from .tasks.evidence import returning
from .tasks.evidence import viewer as evidence_viewer
from .tasks.evidence import views as task_evidence
from .tasks.fields import values as task_values
from .tasks.fields import views as task_fields
from .tasks.lists import views as task_lists
from .tasks.new import views as new_task
from .tasks.programmes import views as programmes
from .tasks.remarks import views as task_remarks
from .tasks.rollup import views as task_rollup
from .tasks.saved import views as saved_lists
from .tasks.task import views as task
from .tasks.timeline import views as task_timeline
from .tasks.waiting import views as tasks_waiting
from .uploads import with_progress
from .urgings import views as urgings
from .webhooks import views as receivers
from .what_if import views as what_if

urlpatterns: list[URLPattern | URLResolver] = [
    path("ngon-ngu/", set_language, name="set_language"),
    path("live", live.live, name="live"),
    path("", home.home, name="home"),
    path("ai-no-viec-gi/", home.tasks, name="public_tasks"),
    path("robots.txt", home.robots, name="robots"),
    path("favicon.ico", home.favicon, name="favicon"),
    path("tong-quan/", overview.overview, name="overview"),
    path("tong-quan/phan/", overview.part, name="overview_part"),
    path("xep-hang/", rankings.rankings, name="rankings"),
    path("xep-hang/bang/", rankings.table, name="ranking_table"),
    path("xep-hang/diem/", rankings.plot, name="ranking_plot"),
    path("xep-hang/dinh-chinh/", restated_figures, name="ranking_restated"),
    path("xep-hang/tai-ve.<slug:ending>", rankings.file, name="ranking_file"),
    path("thu-phuong-an/", what_if.page, name="what_if"),
    path("thu-phuong-an/bang/", what_if.table, name="what_if_table"),
    path("thu-phuong-an/tai-ve.csv", what_if.file, name="what_if_file"),
    path("phuong-phap/", method.page, name="method"),
    path("phuong-phap/tep.toml", method.file, name="method_file"),
    path("phuong-phap/cau-truc/", method_structure.page, name="method_structure"),
    path("phuong-phap/cac-ban/", methods.versions, name="method_versions"),
    path("phuong-phap/so-sanh/", methods.side_by_side, name="method_diff"),
    path("phuong-phap/du-thao/moi/", method_acts.new, name="method_draft_new"),
    path("phuong-phap/du-thao/<int:number>/", methods.draft, name="method_draft"),
    path("phuong-phap/du-thao/<int:number>/tien-do/", methods.progress, name="method_draft_progress"),
    path(
        "phuong-phap/du-thao/<int:number>/bang/<slug:period>/<slug:group>/",
        methods.ranking,
        name="method_draft_ranking",
    ),
    path("phuong-phap/du-thao/<int:number>/sua/", method_acts.revise, name="method_draft_revise"),
    path("phuong-phap/du-thao/<int:number>/tinh/", method_acts.compute, name="method_draft_compute"),
    path("phuong-phap/du-thao/<int:number>/phe-duyet/", method_acts.approve, name="method_draft_approve"),
    path("phuong-phap/du-thao/<int:number>/bo/", method_acts.discard, name="method_draft_discard"),
    path("phuong-phap/du-thao/<int:number>/khoi-phuc/", method_acts.restore, name="method_draft_restore"),
    path("co-quan/", bodies.search, name="bodies"),
    path("co-quan/goi-y", suggest.part, name="suggest_bodies"),
    path("co-quan/<str:code>/", bodies.body, name="body"),
    path("co-quan/<str:code>/phan-tich/", body_analysis.analysis, name="body_analysis"),
    path("co-quan/<str:code>/nhiem-vu/", task_rollup.page, name="body_tasks"),
    path("co-quan/<str:code>/truong-rieng/", task_fields.page, name="body_fields"),
    path("co-quan/<str:code>/du-lieu/", quality.body, name="body_quality"),
    path("co-quan/<str:code>/<slug:part>/", bodies.part, name="body_part"),
    path("nguoi-dung-dau/", head_lists.heads, name="heads"),
    path("nguoi-dung-dau/ho-so/<int:number>/", head_dossiers.dossier, name="head_dossier"),
    path("nguoi-dung-dau/ho-so/<int:number>/tep.<slug:ending>", head_dossiers.file, name="head_dossier_file"),
    path("nguoi-dung-dau/<str:code>/", head_lists.body_heads, name="body_heads"),
    path("nguoi-dung-dau/<str:code>/<str:key>/", heads.head, name="head"),
    path("nguoi-dung-dau/<str:code>/<str:key>/dong/<slug:word>/", heads.rows, name="head_rows"),
    path("nguoi-dung-dau/<str:code>/<str:key>/lap-ho-so/", head_dossiers.freeze, name="head_freeze"),
    path("nguoi-dung-dau/<str:code>/<str:key>/de-nghi/", head_dossiers.ask, name="head_ask"),
    path("van-ban/", directives.directives, name="directives"),
    path("van-ban/<int:number>/", directives.directive, name="directive"),
    path("van-ban/<int:number>/tien-do", directives.progress, name="directive_progress"),
    path("van-ban/<int:number>/the", directives.cards, name="directive_cards"),
    path("van-ban/<int:number>/tep", directives.file, name="directive_file"),
    path("van-ban/<int:number>/nhiem-vu/<slug:word>.<slug:ending>", task_layouts.of_document, name="directive_tasks"),
    path("van-ban/<int:number>/thong-tin/", directives.describe, name="directive_describe"),
    path("van-ban/<int:number>/doc-lai", again.again, name="directive_again"),
    path("van-ban/<int:number>/cung-luc/", together.together, name="directive_together"),
    path("van-ban/<int:number>/them/", acts.add, name="directive_add"),
    path("van-ban/<int:number>/nhiem-vu/<int:candidate>/", acts.candidate, name="candidate"),
    path("van-ban/<int:number>/nhiem-vu/<int:candidate>/xac-nhan/", acts.confirm, name="candidate_confirm"),
    path("van-ban/<int:number>/nhiem-vu/<int:candidate>/da-co/", acts.known, name="candidate_known"),
    path("van-ban/<int:number>/nhiem-vu/<int:candidate>/sua/", acts.correct, name="candidate_correct"),
    path("van-ban/<int:number>/nhiem-vu/<int:candidate>/tach/", shaping.split, name="candidate_split"),
    path("van-ban/<int:number>/nhiem-vu/<int:candidate>/gop/", shaping.merge, name="candidate_merge"),
    path(
        "van-ban/<int:number>/nhiem-vu/<int:candidate>/bo-tach-gop/",
        shaping.undo_reshaping,
        name="candidate_undo_reshaping",
    ),
    path("van-ban/<int:number>/nhiem-vu/<int:candidate>/loai/", acts.reject, name="candidate_reject"),
    path("van-ban/<int:number>/nhiem-vu/<int:candidate>/khoi-phuc/", acts.restore, name="candidate_restore"),
    path("chi-so/", indicators.indicators, name="indicators"),
    path("chi-so/chua-gan-ket/", dictionary.orphans, name="indicator_orphans"),
    path("chi-so/chua-gan-ket.csv", dictionary.orphans_file, name="indicator_orphans_file"),
    path("chi-so/rieng/them/", own_indicators.new, name="own_indicator_new"),
    path("chi-so/<str:code>/dinh-nghia/", dictionary.definition, name="indicator_definition"),
    path("chi-so/<str:code>/duong-muc-tieu/", target_paths.page, name="indicator_path"),
    path("chi-so/<str:code>/sua/", own_indicators.edit, name="own_indicator_edit"),
    path("chi-so/<str:code>/thoi-dung/", own_indicators.retire, name="own_indicator_retire"),
    path("chi-so/<str:code>/dung-lai/", own_indicators.restore, name="own_indicator_restore"),
    path("chi-so/<str:code>/", indicators.indicator, name="indicator"),
    path("chi-so/<str:code>/so-lieu.csv", indicators.file, name="indicator_file"),
    path("so-lieu/", data_entry.page, name="data_entry"),
    path("so-lieu/<int:number>/", figures.figure, name="figure"),
    path("so-lieu/<int:number>/dinh-chinh/", figures.effect, name="figure_effect"),
    path("so-lieu/bieu-mau.xlsx", data_entry.template, name="data_template"),
    path("so-lieu/ghi/", data_entry.by_hand, name="data_by_hand"),
    path("so-lieu/nhap/", data_entry.draft, name="data_draft"),
    path("so-lieu/ngoai-tuyen.html", figure_offline.download, name="data_offline"),
    path("so-lieu/nop-tep/", figure_offline.arrival, name="data_arrival"),
    path("so-lieu/duyet/", figure_decisions.waiting, name="figures_waiting"),
    path("so-lieu/duyet/nhieu/", figure_decisions.bulk, name="figures_bulk"),
    path("so-lieu/duyet/rut-lai/", figure_decisions.undo, name="figures_undo"),
    path("so-lieu/duyet/mo-lai/", figure_decisions.unlock, name="figures_unlock"),
    path("so-lieu/duyet/<int:number>/", figure_decisions.submission, name="figures_submission"),
    path("so-lieu/duyet/<int:number>/duyet/", figure_decisions.approve, name="figures_approve"),
    path("so-lieu/duyet/<int:number>/tiep-nhan/", figure_decisions.accept, name="figures_accept"),
    path("so-lieu/duyet/<int:number>/tra-lai/", figure_decisions.give_back, name="figures_return"),
    path("so-lieu/tai-len/", figure_sheets.upload, name="data_upload"),
    path("so-lieu/xem-truoc/", figure_sheets.waiting, name="data_preview"),
    path("so-lieu/xem-truoc/loi.csv", figure_sheets.faults, name="data_faults"),
    path("so-lieu/xem-truoc/quyet-dinh/", figure_sheets.confirm, name="data_confirm"),
    path("so-lieu/bien-nhan/<int:ledger>/", figure_sheets.receipt, name="data_receipt"),
    path("quan-tri/", administration.people, name="administration"),
    path("quan-tri/mo-tai-khoan/", administration.new_person, name="administration_new"),
    path("quan-tri/nguoi/<int:number>/", administration.person, name="administration_person"),
    path("quan-tri/nguoi/<int:number>/giao-vai-tro/", administration_acts.grant, name="administration_grant"),
    path("quan-tri/nguoi/<int:number>/giao-lai/", administration_acts.again, name="administration_again"),
    path("quan-tri/nguoi/<int:number>/khoa/", administration_acts.close, name="administration_close"),
    path("quan-tri/nguoi/<int:number>/mo-lai/", administration_acts.reopen, name="administration_reopen"),
    path("quan-tri/nguoi/<int:number>/mat-khau/", administration_acts.password, name="administration_password"),
    path("quan-tri/vai-tro/<int:number>/thoi/", administration_acts.end, name="administration_end"),
    path("quan-tri/truong-rieng/", task_fields.start, name="fields"),
    path("quan-tri/truong-rieng/<int:number>/", task_fields.edit, name="field_edit"),
    path("quan-tri/truong-rieng/<int:number>/thoi-dung/", task_fields.retire, name="field_retire"),
    path("quan-tri/truong-rieng/<int:number>/dung-lai/", task_fields.restore, name="field_restore"),
    path("quan-tri/khoa/", administration_keys.keys, name="administration_keys"),
    path("quan-tri/khoa/<int:number>/doi/", administration_keys.rotate, name="administration_rotate"),
    path("quan-tri/khoa/<int:number>/thu-hoi/", administration_keys.revoke, name="administration_revoke"),
    path("chat-luong-du-lieu/", quality.page, name="quality"),
    path("dau-hieu/", signals.page, name="signals"),
    path("phat-hien/", findings.findings, name="findings"),
    path("phat-hien/mau-kiem-tra/", finding_samples.overview, name="samples"),
    path("phat-hien/mau-kiem-tra/<int:number>/", finding_samples.sample, name="sample"),
    path("phat-hien/mau-kiem-tra/<int:number>/phieu.xlsx", finding_samples.sheet, name="sample_sheet"),
    path("phat-hien/mau-kiem-tra/<int:number>/khep/", finding_samples.close, name="sample_close"),
    path("phat-hien/mau-kiem-tra/<int:number>/<int:unit>/", finding_samples.check, name="sample_check"),
    path("phat-hien/<int:number>/", findings.finding, name="finding"),
    path("phat-hien/<int:number>/<slug:word>/", findings.act, name="finding_act"),
    path("nguon-du-lieu/", feeds.page, name="feeds"),
    path("nguon-du-lieu/phan/", feeds.part, name="feeds_part"),
    path("nguon-du-lieu/so-lieu/<int:number>/", feeds.origin, name="figure_origin"),
    path("nguon-du-lieu/<slug:feed>/", feeds.feed, name="feed"),
    path("nguon-du-lieu/<slug:feed>/phan/", feeds.feed_part, name="feed_part"),
    path("nguon-du-lieu/<slug:feed>/tinh-lai/", feeds.recompute, name="feed_recompute"),
    path("nguon-du-lieu/<slug:feed>/lo/<int:number>/", feeds.batch, name="feed_batch"),
    path("nguon-du-lieu/<slug:feed>/lo/<int:number>/loi.csv", feeds.batch_errors, name="feed_batch_errors"),
    path("nhat-ky/", ledger.page, name="ledger"),
    path("nhat-ky/kiem-tra/", ledger.verify, name="ledger_verify"),
    path("nhat-ky/<int:number>/", ledger.entry, name="ledger_entry"),
    path("viec-cua-toi/", my_work.page, name="my_work"),
    path("viec-cua-toi/phan/", my_work.part, name="my_work_part"),
    path("viec-cua-toi/bao-cao/<str:code>/", with_progress(my_work_reporting.report), name="my_work_report"),
    path("thong-bao/", notices.page, name="notices"),
    path("thong-bao/xac-nhan/", notices.acknowledging, name="notices_acknowledge"),
    path("thong-bao/hoan-tac/<slug:moment>/", notices.undo, name="notices_undo"),
    path("thong-bao/<int:number>/", notices.follow, name="notice"),
    path("cai-dat/thong-bao/", notice_settings.page, name="notice_settings"),
    path("canh-bao/thang-nhac/", notice_ladder.page, name="ladder"),
    path("ganh-nang-bao-cao/", burden.page, name="burden"),
    path("ganh-nang-bao-cao/<str:code>/", burden.body, name="burden_body"),
    path("don-doc/", urgings.urgings, name="urgings"),
    path("don-doc/moi/", urgings.new, name="urging_new"),
    path("don-doc/<int:number>/", urgings.urging, name="urging"),
    path("don-doc/<int:number>/sua/", urgings.revise, name="urging_revise"),
    path("don-doc/<int:number>/phieu.<slug:ending>", urgings.file, name="urging_file"),
    path("don-doc/<int:number>/<slug:word>/", urgings.act, name="urging_act"),
    path("cuoc-hop/", meetings.meetings, name="meetings"),
    path("cuoc-hop/moi/", meetings.new, name="meeting_new"),
    path("cuoc-hop/<int:number>/", meetings.meeting, name="meeting"),
    path("cuoc-hop/<int:number>/sua/", meetings.edit, name="meeting_edit"),
    path("cuoc-hop/<int:number>/tai-lieu/", meeting_packs.pack, name="meeting_pack"),
    path("cuoc-hop/<int:number>/tai-lieu.<slug:ending>", meeting_packs.file, name="meeting_pack_file"),
    path("cuoc-hop/<int:number>/giai-trinh/<str:code>/", meeting_packs.promise, name="meeting_promise"),
    path("cuoc-hop/<int:number>/ket-luan/", meeting_conclusions.conclusions, name="meeting_conclusions"),
    path("cuoc-hop/<int:number>/ket-luan/<int:line>/", meeting_conclusion.conclusion, name="meeting_conclusion"),
    path(
        "cuoc-hop/<int:number>/ket-luan/<int:line>/<slug:word>/", meeting_conclusions.line_act, name="meeting_line_act"
    ),
    path(
        "cuoc-hop/<int:number>/thong-bao-<int:position>.<slug:ending>",
        meeting_notices.notice_file,
        name="meeting_notice_file",
    ),
    path("cuoc-hop/<int:number>/ban-hanh/", meetings.issue, name="meeting_issue"),
    path("cuoc-hop/<int:number>/<slug:word>/", meetings.act, name="meeting_act"),
    path("nhiem-vu/", tasks.tasks, name="tasks"),
    path("nhiem-vu/bang/", task_board.board, name="task_board"),
    path("nhiem-vu/tien-trinh/", task_timeline.timeline, name="task_timeline"),
    path("nhiem-vu/lich/", task_calendar.calendar, name="task_calendar"),
    path("cai-dat/lich/", my_calendar.page, name="my_calendar"),
    path("cai-dat/lich/lich-nhiem-vu.ics", my_calendar.download, name="my_calendar_file"),
    path("lich/<str:secret>.ics", my_calendar.feed, name="calendar_feed"),
    path("nhiem-vu/hang-loat/", task_bulk.act, name="tasks_bulk"),
    path("nhiem-vu/hang-loat/ket-qua/", task_bulk.done, name="tasks_bulk_done"),
    path("nhiem-vu/hang-loat/hoan-tac/", task_bulk.undo, name="tasks_bulk_undo"),
    path("nhiem-vu/da-luu/", saved_lists.save, name="saved_list_save"),
    path("nhiem-vu/da-luu/<int:number>/", saved_lists.change, name="saved_list_change"),
    path("nhiem-vu/da-luu/<int:number>/xoa/", saved_lists.delete, name="saved_list_delete"),
    path("nhiem-vu/da-luu/<str:token>/khoi-phuc/", saved_lists.restore, name="saved_list_restore"),
    path("nhiem-vu/moi/", new_task.page, name="task_new"),
    path("nhiem-vu/bang-tinh/", tasks.spreadsheet, name="tasks_export"),
    path("nhiem-vu/theo-mau/<slug:word>.<slug:ending>", task_layouts.of_list, name="tasks_layout"),
    path("nhiem-vu/nhap/", task_lists.page, name="tasks_import"),
    path("nhiem-vu/nhap/<int:number>/", task_lists.run, name="tasks_import_run"),
    path("nhiem-vu/nhap/<int:number>/phan/", task_lists.part, name="tasks_import_part"),
    path("nhiem-vu/nhap/<int:number>/cot/", task_lists.columns, name="tasks_import_columns"),
    path("nhiem-vu/nhap/<int:number>/quyet-dinh/", task_lists.decide, name="tasks_import_decide"),
    path("nhiem-vu/nhap/<int:number>/loi.csv", task_lists.faults, name="tasks_import_faults"),
    path("nhiem-vu/ghep-cot/", mappings.mappings, name="mappings"),
    path("nhiem-vu/ghep-cot/<int:number>/", mappings.edit, name="mapping"),
    path("nhiem-vu/ghep-cot/<int:number>/xoa/", mappings.retire, name="mapping_retire"),
    path("nhiem-vu/ghep-cot/<int:number>/khoi-phuc/", mappings.restore, name="mapping_restore"),
    path("nhiem-vu/cho-he-thong/<slug:code>.xlsx", for_systems.for_system, name="tasks_for_system"),
    path("nhiem-vu/minh-chung/<int:number>/", task.evidence, name="evidence"),
    path("nhiem-vu/cho-quyet-dinh/", tasks_waiting.page, name="tasks_waiting"),
    path("nhiem-vu/cho-quyet-dinh/ke-thua/", tasks_waiting.inherit, name="tasks_inherit"),
    path("nhiem-vu/sau-ro/", clarity.page, name="tasks_clarity"),
    path("nhiem-vu/chuong-trinh/", programmes.page, name="programmes"),
    path("nhiem-vu/chuong-trinh/<str:code>/", programmes.programme, name="programme"),
    path("nhiem-vu/chuong-trinh/<str:code>/<slug:word>/", programmes.act, name="programme_act"),
    path("nhiem-vu/<str:code>/", task.page, name="task"),
    path("nhiem-vu/<str:code>/minh-chung/", with_progress(task_evidence.page), name="task_evidence"),
    path("nhiem-vu/<str:code>/minh-chung/phan/", task_evidence.part, name="task_evidence_part"),
    path("nhiem-vu/<str:code>/tra-lai-tung-phan/", returning.give_back, name="task_give_back"),
    path("nhiem-vu/<str:code>/sua-phan-tra-lai/", with_progress(returning.answer), name="task_answer_points"),
    path("nhiem-vu/<str:code>/rut-phan/<int:number>/", returning.recall, name="task_recall_point"),
    path("nhiem-vu/<str:code>/trao-doi/", task_remarks.page, name="task_remarks"),
    path("nhiem-vu/<str:code>/trao-doi/phan/", task_remarks.part, name="task_remarks_part"),
    path("nhiem-vu/<str:code>/trao-doi/danh-sach/", task_remarks.listed, name="task_remarks_list"),
    path("trao-doi/", partners.partners, name="partners"),
    path("trao-doi/cap-tren/<int:number>/tam-dung/", partners.pause, name="partner_pause"),
    path("trao-doi/thong-bao-may/", receivers.receivers, name="receivers"),
    path("trao-doi/thong-bao-may/<int:number>/", receivers.receiver, name="receiver"),
    path("trao-doi/thong-bao-may/<int:number>/tam-dung/", receivers.pause, name="receiver_pause"),
    path("trao-doi/thong-bao-may/<int:number>/doi-ma/", receivers.rotate, name="receiver_rotate"),
    path("trao-doi/thong-bao-may/<int:number>/thoi-gui/", receivers.remove, name="receiver_remove"),
    path("trao-doi/thong-bao-may/<int:number>/gui-lai/<int:entry>/", receivers.again, name="receiver_again"),
    path("trao-doi/<int:number>/rut/", task_remarks.withdraw, name="remark_withdraw"),
    path("minh-chung/<int:number>/", evidence_viewer.viewer, name="evidence_view"),
    path("minh-chung/<int:number>/trang/<int:page>.jpg", evidence_viewer.picture, name="evidence_page"),
    path("minh-chung/<int:number>/mo-ta/", evidence_viewer.describe, name="evidence_describe"),
    path("minh-chung/<int:number>/xoa/", evidence_viewer.erase, name="evidence_erase"),
    path("minh-chung/<int:number>/ban-che/", with_progress(evidence_viewer.redact), name="evidence_redact"),
    path("nhiem-vu/<str:code>/ma-ngoai/", identifiers.identifiers, name="task_identifiers"),
    path("nhiem-vu/<str:code>/dien-bien/", task.story, name="task_story"),
    path("nhiem-vu/<str:code>/ke-hoach/", task.planning, name="task_planning"),
    path("nhiem-vu/<str:code>/truong-rieng/", task_values.values, name="task_fields"),
    path("nhiem-vu/<str:code>/<slug:word>/", with_progress(task.step), name="task_step"),
    path("thiet-ke/", style.page, name="style"),
    path("thiet-ke/truc-tiep/", style.live, name="style_live"),
    path("thiet-ke/truc-tiep/phan/", style.live_part, name="style_live_part"),
]
