"""Renders invoices as PDF and mails them."""
from datetime import datetime
from decimal import Decimal

from celery import shared_task
from django.core.mail import EmailMessage
from weasyprint import HTML

from fulfilment.models import Order
from fulfilment.templates import render


@shared_task
def send_invoice(order_id: int) -> None:
    order = Order.objects.get(pk=order_id)
    due = datetime.strptime(order.meta["due"], "%Y-%m-%d")
    lines = [(line.title, Decimal(line.price)) for line in order.lines.all()]
    vat = sum(price for _, price in lines) * VAT[order.country]
    html = render("invoice.html", order=order, lines=lines, vat=vat, due=due)
    pdf = HTML(string=html).write_pdf()
    mail = EmailMessage(f"Invoice {order.number}", "Thank you.", to=[order.email])
    mail.attach(f"{order.number}.pdf", pdf, "application/pdf")
    mail.send()


VAT = {"DE": Decimal("0.19"), "FR": Decimal("0.20"), "NL": Decimal("0.21")}
