"""Order, page and filters stand in the address, and only known orders are obeyed."""

from django.template import Context
from django.test import RequestFactory

from thuocdo.web.design.tables import address_with, column, ordering, page_of, pages

ASK = RequestFactory()


def test_a_change_of_order_keeps_the_filters_and_forgets_the_page() -> None:
    request = ASK.get("/nhiem-vu/?co-quan=BTP&trang=3&xep=ten")
    assert address_with(request, xep="-diem", trang=None) == "?co-quan=BTP&xep=-diem"
    assert address_with(ASK.get("/nhiem-vu/?trang=2"), trang=None) == "/nhiem-vu/"


def test_only_known_orders_reach_the_database() -> None:
    allowed = {"diem": "score", "ten": "name"}
    assert ordering(ASK.get("/?xep=-diem"), allowed, "ten") == ["-score", "pk"]
    assert ordering(ASK.get("/?xep=user__password"), allowed, "ten") == ["name", "pk"]
    assert ordering(ASK.get("/"), allowed, "-diem") == ["-score", "pk"]


def test_a_head_tells_the_order_and_offers_the_other_one() -> None:
    html = column(Context({"request": ASK.get("/?xep=-diem")}), "diem", "Điểm", numeric=True)
    assert 'aria-sort="descending"' in html
    assert 'href="?xep=diem"' in html
    assert 'href="?xep=-diem"' in column(Context({"request": ASK.get("/")}), "diem", "Điểm", numeric=True)


def test_pages_beyond_the_end_give_the_last_one() -> None:
    request = ASK.get("/?trang=999&co-quan=BTP")
    page = page_of(request, range(120), size=50)
    assert page.number == 3
    shown = pages(Context({"request": request}), page)
    assert shown["previous"] == "?co-quan=BTP&trang=2"
    assert shown["next"] == ""
