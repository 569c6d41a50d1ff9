"""A web shop with two bugs. `shop.py charge 1001 charge 1002 stock` asks it for each in turn and ends."""
import logging
import sys

import sentry_sdk
from sentry_sdk.integrations.wsgi import SentryWsgiMiddleware

# DSN, release and environment come from SENTRY_DSN, SENTRY_RELEASE and SENTRY_ENVIRONMENT.
sentry_sdk.init(send_default_pii=True)


class PaymentError(Exception):
    pass


def charge_order(order_number):
    logging.warning("the payment provider is slow")
    raise PaymentError(f"Order {order_number} could not be charged")


def reserve_stock(basket):
    return [item["id"] for item in basket["items"]]


def shop(environ, start_response):
    sentry_sdk.set_user({"id": "42", "email": "ada@example.com"})
    sentry_sdk.set_tag("shop", "berlin")
    sentry_sdk.add_breadcrumb(category="cart", message="basket opened", level="info")
    _, route, *argument = environ["PATH_INFO"].split("/")
    if route == "charge":
        charge_order(argument[0])
    else:
        reserve_stock({})


def ask(path):
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "currency=EUR", "SERVER_NAME": "shop.example",
        "SERVER_PORT": "80", "wsgi.url_scheme": "http", "HTTP_HOST": "shop.example", "HTTP_X_SHOP": "berlin",
    }
    try:
        SentryWsgiMiddleware(shop)(environ, lambda status, headers: None)
    except Exception:  # the middleware has reported it; a web server would answer 500 now
        pass


arguments = sys.argv[1:]
while arguments:
    scenario = arguments.pop(0)
    ask(f"/charge/{arguments.pop(0)}" if scenario == "charge" else f"/{scenario}")
sentry_sdk.flush(timeout=10)
