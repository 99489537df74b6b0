"""Opens a bare WebKitGTK window for WebKitWebDriver: without a toolbar it can be as narrow as a telephone.

Arguments: width and height in pixels, and the path of a script that runs in every page before the scripts of the page.
Prints `REQUEST <URL>` for every request and `ANSWER <status> <URL>` for its response. WebKit also prints the messages
of the console.
"""

import pathlib
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

width, height = int(sys.argv[1]), int(sys.argv[2])
before = pathlib.Path(sys.argv[3]).read_text(encoding="utf-8")


def say(*words):
    print(*words, flush=True)


def answered(resource):
    response = resource.get_response()
    if response is not None:
        say("ANSWER", response.get_status_code(), resource.get_uri())


def requested(_view, resource, request):
    say("REQUEST", request.get_uri())
    resource.connect("finished", answered)


def started(_context, session):
    # WebKitWebDriver accepts only a browser with this name.
    info = WebKit2.ApplicationInfo.new()
    info.set_name("MiniBrowser")
    session.set_application_info(info)
    session.connect("create-web-view", lambda *_: view)


context = WebKit2.WebContext.new_ephemeral()
context.set_automation_allowed(True)
context.set_preferred_languages(["zh-CN"])
context.connect("automation-started", started)

settings = WebKit2.Settings()
settings.set_enable_write_console_messages_to_stdout(True)
settings.set_hardware_acceleration_policy(WebKit2.HardwareAccelerationPolicy.NEVER)

scripts = WebKit2.UserContentManager()
scripts.add_script(
    WebKit2.UserScript.new(
        before,
        WebKit2.UserContentInjectedFrames.ALL_FRAMES,
        WebKit2.UserScriptInjectionTime.START,
        None,
        None,
    )
)

view = WebKit2.WebView(
    web_context=context, is_controlled_by_automation=True, settings=settings, user_content_manager=scripts
)
view.connect("resource-load-started", requested)

window = Gtk.Window()
window.set_default_size(width, height)
window.connect("destroy", Gtk.main_quit)
window.add(view)
window.show_all()
Gtk.main()
