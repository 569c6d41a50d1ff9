function (texts) {
  "use strict";
  // Runs on the app's page: no markup from text, and styles by script alone, which the page's Content-Security-Policy allows.
  var address = document.currentScript.src;

  function make(parent, tag, style, text) {
    var element = document.createElement(tag);
    element.style.cssText = style;
    if (text) element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  function field(form, name, tag, label, value) {
    var caption = make(form, "label", "display:block;margin-bottom:12px;font-weight:600", label);
    var input = make(caption, tag, "display:block;box-sizing:border-box;width:100%;margin-top:4px;padding:8px;border:1px solid #b5b5b5;"
      + "border-radius:4px;font:inherit;font-weight:400;color:inherit;background:#fff");
    input.name = name;
    input.required = true;
    input.value = value;
    return input;
  }

  var shade = make(document.body, "div", "position:fixed;inset:0;z-index:2147483647;overflow:auto;background:rgba(0,0,0,.5)");
  var box = make(shade, "div", "box-sizing:border-box;width:92%;max-width:520px;margin:8vh auto;padding:28px;border-radius:8px;background:#fff;"
    + "color:#242424;font:15px/1.45 system-ui,sans-serif");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-modal", "true");
  box.setAttribute("aria-label", texts.title);
  make(box, "h2", "margin:0 0 8px;font-size:22px", texts.title);
  make(box, "p", "margin:0 0 16px;color:#616161", texts.subtitle + " " + texts.subtitle2);
  var message = make(box, "p", "margin:0 0 12px;color:#b10e1c");
  message.setAttribute("role", "status");
  var form = make(box, "form", "margin:0");
  var name = field(form, "name", "input", texts.labelName, texts.name);
  var email = field(form, "email", "input", texts.labelEmail, texts.email);
  email.type = "email";
  var comments = field(form, "comments", "textarea", texts.labelComments, "");
  comments.rows = 5;
  var button = "padding:8px 16px;border-radius:4px;font:inherit;cursor:pointer;";
  var submit = make(form, "button", button + "border:1px solid #0f6cbd;background:#0f6cbd;color:#fff", texts.labelSubmit);
  submit.type = "submit";
  var close = make(form, "button", button + "margin-left:8px;border:1px solid #b5b5b5;background:#fff;color:inherit", texts.labelClose);
  close.type = "button";

  function leave() {
    document.removeEventListener("keydown", onKey);
    shade.remove();
    // What the SDK waits for before it calls the app's onClose.
    window.postMessage("__sentry_reportdialog_closed__", "*");
  }

  function onKey(e) {
    if (e.key === "Escape") leave();
  }

  function encode(input) {
    return encodeURIComponent(input.name) + "=" + encodeURIComponent(input.value);
  }

  form.addEventListener("submit", function (e) {
    e.preventDefault();
    submit.disabled = true;
    var request = new XMLHttpRequest();
    request.onreadystatechange = function () {
      if (request.readyState !== 4) return;
      submit.disabled = false;
      if (request.status === 200) {
        form.remove();
        message.style.color = "#0e700e";
        message.textContent = texts.successMessage;
        close.style.marginLeft = "0";
        box.appendChild(close);
        close.focus();
      } else {
        message.textContent = request.status === 400 ? texts.errorFormEntry : texts.errorGeneric;
      }
    };
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.send([name, email, comments].map(encode).join("&"));
  });
  close.addEventListener("click", leave);
  document.addEventListener("keydown", onKey);
  (texts.name ? comments : name).focus();
}
