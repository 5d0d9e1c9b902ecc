// Makes forms more comfortable; they work without. No dependency, no request of its own.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  focusProblems();
  document.querySelectorAll("input[type=file][data-limit]").forEach(watchSize);
  document.querySelectorAll("button[data-more]").forEach(offerRows);
  document.querySelectorAll("select:has([data-note])").forEach(showNote);
  enhance(document);
  openTarget();
  window.addEventListener("hashchange", openTarget);
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

// What also a new row gets.
function enhance(place) {
  place.querySelectorAll("input[data-day]").forEach(offerCalendar);
  place.querySelectorAll("input[data-box]").forEach(offerDrawing);
}

// A link to a field in a folded section opens it, also in browsers that do not do so by themselves.
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let place = target.closest("details"); place; place = place.parentElement.closest("details")) place.open = true;
  target.scrollIntoView();
}

// What the chosen licence means, right below it.
function showNote(select) {
  const note = document.createElement("p");
  note.className = "mz-note";
  note.setAttribute("aria-live", "polite");
  const show = () => { note.textContent = select.selectedOptions[0]?.dataset.note || ""; };
  select.after(note);
  select.addEventListener("change", show);
  show();
}

// A repeating field grows by copies of its last row.
function offerRows(button) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const rows = button.parentElement.querySelectorAll(".mz-row");
    const row = rows[rows.length - 1].cloneNode(true);
    row.querySelectorAll(".mz-day button, .mz-day__native, .mz-draw, .mz-help").forEach((one) => one.remove());
    renumber(row, rows.length);
    row.setAttribute("aria-label", `${row.dataset.label} ${rows.length + 1}`);
    button.before(row);
    enhance(row);
    row.querySelector("input, select, textarea").focus();
  });
}

function renumber(row, number) {
  const next = (text) => text.replace(/-\d+-/, `-${number}-`);
  row.querySelectorAll(".mz-field-error").forEach((error) => error.remove());
  row.querySelectorAll(".mz-field--wrong").forEach((field) => field.classList.remove("mz-field--wrong"));
  row.querySelectorAll("[id], [name], [for]").forEach((element) => {
    for (const name of ["id", "name", "for"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, next(element.getAttribute(name)));
    }
    if ("value" in element) element.value = "";
    for (const name of ["aria-invalid", "aria-describedby", "autofocus"]) element.removeAttribute(name);
  });
}

// A calendar beside a day that is typed: the browser's own, which writes the day as people here do.
function offerCalendar(input) {
  if (!HTMLInputElement.prototype.showPicker) return;
  if (!input.parentElement.classList.contains("mz-day")) {
    const frame = document.createElement("div");
    frame.className = "mz-day";
    input.replaceWith(frame);
    frame.append(input);
  }
  const native = document.createElement("input");
  native.type = "date";
  native.className = "mz-day__native";
  native.tabIndex = -1;
  native.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.append(calendarIcon());
  button.setAttribute("aria-label", `${input.dataset.day}: ${document.querySelector(`label[for="${input.id}"]`).textContent.trim()}`);
  button.addEventListener("click", () => {
    native.value = isoDay(input.value);
    native.showPicker();
  });
  native.addEventListener("change", () => {
    const [year, month, day] = native.value.split("-");
    if (day) input.value = document.documentElement.lang === "de" ? `${day}.${month}.${year}` : native.value;
    input.focus();
  });
  input.after(button, native);
}

function calendarIcon() {
  const icon = shape("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" });
  icon.append(shape("path", { d: "M2.5 4.5h15v13h-15zM2.5 8.5h15M6.5 2v4M13.5 2v4", fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));
  return icon;
}

function isoDay(text) {
  const german = /^\s*(\d{1,2})\.(\d{1,2})\.(\d{4})\s*$/.exec(text);
  if (german) return `${german[3]}-${german[2].padStart(2, "0")}-${german[1].padStart(2, "0")}`;
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? text.trim() : "";
}

// A box drawn on a plain outline of the city's parts; by keyboard, buttons move it and change its size.
const WIDTH = 400;
const KEYS = [["←", -1, 0, 0], ["→", 1, 0, 0], ["↑", 0, 1, 0], ["↓", 0, -1, 0], ["+", 0, 0, 1], ["−", 0, 0, -1]];
const STEP = 0.005;

function offerDrawing(input) {
  const form = input.closest("form[data-places]");
  if (!form) return;
  const [city, ...parts] = JSON.parse(form.dataset.places);
  const map = outline(city.box, parts);
  const words = JSON.parse(form.dataset.words);
  const frame = document.createElement("div");
  frame.className = "mz-draw";
  frame.append(map.svg, boxKeys(input, map, city.box, words));
  input.after(frame);
  const typed = () => map.show(boxOf(input.value));
  input.addEventListener("input", typed);
  typed();
  drag(map, (box) => { write(input, box); map.show(box); });
}

function outline([west, south, east, north], parts) {
  const [left, bottom, right, top] = [west - 0.01, south - 0.006, east + 0.01, north + 0.006];
  const height = Math.round((WIDTH * (top - bottom)) / ((right - left) * Math.cos((Math.PI * (top + bottom)) / 360)));
  const x = (longitude) => ((longitude - left) / (right - left)) * WIDTH;
  const y = (latitude) => ((top - latitude) / (top - bottom)) * height;
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${height}`, "aria-hidden": "true" });
  const place = ([w, s, e, n]) => ({ x: x(w), y: y(n), width: Math.max(x(e) - x(w), 1), height: Math.max(y(s) - y(n), 1) });
  for (const part of parts) svg.append(shape("rect", { class: "mz-draw__place", ...place(part.box) }));
  for (const { label, box: [w, s, e, n] } of parts) {
    const text = shape("text", { x: x((w + e) / 2), y: y((s + n) / 2) + 3 });
    text.textContent = label;
    svg.append(text);
  }
  const chosen = shape("rect", { class: "mz-draw__box", visibility: "hidden" });
  svg.append(chosen);
  return {
    svg,
    at: (event) => {
      const area = svg.getBoundingClientRect();
      const [across, down] = [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
      return [left + clamp(across) * (right - left), top - clamp(down) * (top - bottom)];
    },
    show: (box) => {
      chosen.setAttribute("visibility", box ? "visible" : "hidden");
      if (box) for (const [name, value] of Object.entries(place(box))) chosen.setAttribute(name, value);
    },
  };
}

const clamp = (share) => Math.min(Math.max(share, 0), 1);

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function drag(map, change) {
  let start = null;
  map.svg.addEventListener("pointerdown", (event) => {
    start = map.at(event);
    map.svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  map.svg.addEventListener("pointermove", (event) => {
    if (!start) return;
    const [x, y] = map.at(event);
    change([Math.min(x, start[0]), Math.min(y, start[1]), Math.max(x, start[0]), Math.max(y, start[1])]);
  });
  for (const name of ["pointerup", "pointercancel"]) map.svg.addEventListener(name, () => { start = null; });
}

function boxKeys(input, map, whole, words) {
  const keys = document.createElement("div");
  keys.className = "mz-draw__keys";
  KEYS.forEach(([sign, across, up, grow], number) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", words[number]);
    button.addEventListener("click", () => {
      const [west, south, east, north] = boxOf(input.value) || whole;
      const box = [west + (across - grow) * STEP, south + (up - grow) * STEP, east + (across + grow) * STEP, north + (up + grow) * STEP];
      if (box[0] >= box[2] || box[1] >= box[3]) return;
      write(input, box);
      map.show(box);
    });
    keys.append(button);
  });
  return keys;
}

function boxOf(text) {
  const numbers = text.split(",").map(Number);
  return text.trim() && numbers.length === 4 && numbers.every(Number.isFinite) ? numbers : null;
}

function write(input, box) {
  input.value = box.map((number) => Number(number.toFixed(4))).join(",");
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
