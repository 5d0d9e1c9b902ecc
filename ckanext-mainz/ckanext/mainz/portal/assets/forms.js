// Makes forms more comfortable; they work without. No dependency, no request of its own.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  focusProblems();
  document.querySelectorAll("input[type=file][data-limit]").forEach(watchSize);
  document.querySelectorAll("fieldset[data-rows]").forEach(offerRows);
  document.querySelectorAll("form.mz-form[data-sending]").forEach(sendOnce);
});

// Screen readers and keyboards begin at the summary of the errors.
function focusProblems() {
  const problems = document.getElementById("problems");
  if (problems) problems.focus();
}

// A file that is too large is told before it is sent, not after.
function watchSize(input) {
  input.addEventListener("change", () => {
    const file = input.files[0];
    const limit = Number(input.dataset.limit);
    const megabytes = (bytes) => String(Math.round(bytes / 1048576));
    const message = file && file.size > limit
      ? input.dataset.tooLarge.replace("{name}", file.name).replace("{size}", megabytes(file.size)).replace("{limit}", megabytes(limit))
      : "";
    showMessage(input, message);
    if (message) input.value = "";
  });
}

function showMessage(input, message) {
  const id = `${input.id}-size`;
  const old = document.getElementById(id);
  if (old) old.remove();
  if (!message) return;
  const place = document.createElement("p");
  place.id = id;
  place.className = "mz-notice mz-notice--error";
  place.setAttribute("role", "alert");
  place.textContent = message;
  input.before(place);
}

// A repeating field grows by copies of its last row.
function offerRows(fieldset) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "mz-link-button";
  button.textContent = fieldset.dataset.rows;
  button.addEventListener("click", () => {
    const rows = fieldset.querySelectorAll(".mz-row");
    const row = rows[rows.length - 1].cloneNode(true);
    renumber(row, rows.length);
    button.before(row);
    row.querySelector("input, select, textarea").focus();
  });
  fieldset.append(button);
}

function renumber(row, number) {
  const next = (text) => text.replace(/-\d+-/, `-${number}-`);
  row.querySelectorAll(".mz-field-error").forEach((error) => error.remove());
  row.querySelectorAll("[id], [name], [for], [aria-describedby]").forEach((element) => {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, next(element.getAttribute(name)));
    }
    if ("value" in element) element.value = "";
    element.removeAttribute("aria-invalid");
  });
}

// A large file takes its time: say so, and do not let it be sent twice.
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const file = form.querySelector("input[type=file]");
    if (file && file.files.length) {
      const note = document.createElement("p");
      note.className = "mz-sending";
      note.setAttribute("role", "status");
      note.textContent = form.dataset.sending;
      form.querySelector(".mz-form-actions").append(note);
    }
  });
  // Coming back by the browser's button, the form may be sent again.
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}
