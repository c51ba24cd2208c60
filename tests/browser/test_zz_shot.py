from tests.browser.test_photos import *
from tests.browser.test_photos import as_file
def test_shot(sign_in, page, live_server, now):
    ticket = factories.accepted(at=now, title="路面冒水", reporter_name="李建华", reporter_phone="13812342317")
    from django.core.files.uploadedfile import SimpleUploadedFile
    from tickets.actions.attaching import attach
    attach(ticket, files=[SimpleUploadedFile(f"{n}.jpg", corpus.encoded(corpus.noise((800,600),n))) for n in range(5)], by=factories.HANDLER, at=now, note="破裂处")
    page.set_viewport_size({"width": 390, "height": 844}); sign_in(Role.HANDLER, UNIT)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.locator("#photos-note").focus(); page.get_by_label("选择已拍的照片").set_input_files([as_file("管道.jpg", corpus.jpeg())])
    page.locator("#photos").scroll_into_view_if_needed(); page.wait_for_timeout(300)
    page.screenshot(path="/tmp/photo/phone.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900}); page.reload(); page.wait_for_timeout(300)
    page.screenshot(path="/tmp/photo/wide.png", full_page=True)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/photos/"); page.screenshot(path="/tmp/photo/alone.png")
