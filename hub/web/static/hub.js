// What the pages do more quickly with a script. Every one of them works without it.

function debounce(act, wait) {
  let timer = 0;
  const later = (...given) => { clearTimeout(timer); timer = setTimeout(() => act(...given), wait); };
  later.drop = () => clearTimeout(timer);
  return later;
}

// What is still on its way when somebody leaves the page ends with it, and is no failure.
let left = false;
addEventListener("pagehide", () => { left = true; });

// Results as you type: the list is replaced, and the address stays a link to what is shown.
for (const form of document.querySelectorAll("form[data-live]")) {
  const target = document.getElementById(form.dataset.live);
  let running = null;
  const show = debounce(async () => {
    running?.abort();
    running = new AbortController();
    const asked = new URLSearchParams(new FormData(form));
    history.replaceState(null, "", `${form.getAttribute("action")}?${asked}`);
    asked.set("part", "results");
    try {
      const answer = await fetch(`${form.getAttribute("action")}?${asked}`, { signal: running.signal });
      if (answer.ok && !answer.redirected) target.innerHTML = await answer.text();
    } catch (fault) {
      if (fault.name !== "AbortError" && !left) form.submit();
    }
  }, 250);
  form.addEventListener("input", show);
  // The button asks for the whole page: nothing may follow that asks for the list again.
  form.addEventListener("submit", () => { show.drop(); running?.abort(); });
}

// Uploads with progress, also by dropping a file on the form.
for (const form of document.querySelectorAll("form[data-upload]")) {
  const bar = form.querySelector("progress");
  const input = form.querySelector("input[type=file]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    bar.hidden = false;
    request.upload.onprogress = (told) => { if (told.lengthComputable) bar.value = (100 * told.loaded) / told.total; };
    request.onload = () => {
      if (request.status < 400) location.assign(request.responseURL);
      else { document.open(); document.write(request.responseText); document.close(); }
    };
    request.onerror = () => form.submit();
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("over-it", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }
}

// Follow a job until it ends, then show its page anew.
for (const place of document.querySelectorAll("[data-follow]")) {
  const told = place.querySelector("[data-progress]");
  const look = async () => {
    const answer = await fetch(`/jobs/${place.dataset.job}/state`);
    if (!answer.ok || answer.redirected) return;
    const job = await answer.json();
    const { bytes = 0, of = 0, records = "" } = job.progress;
    const size = (count) => `${(count / 1048576).toFixed(1)} MiB`;
    told.textContent = records === "" ? "" : `${of ? `${size(bytes)} / ${size(of)} · ` : ""}${records} ${told.dataset.words ?? ""}`;
    const bar = place.querySelector("progress");
    if (bar && of) bar.value = (100 * bytes) / of;
    if (job.active) setTimeout(look, 700);
    else location.assign(place.dataset.follow);
  };
  if (place.dataset.job) look();
}

// Buttons that only a script can do.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The instants at which something became known, as a slider beside their list.
for (const place of document.querySelectorAll("[data-slider]")) {
  const list = place.querySelector("select");
  if (list.options.length < 3) continue;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = String(list.options.length - 1);
  slider.setAttribute("aria-label", place.querySelector("label").textContent);
  const show = () => {
    slider.value = String(list.options.length - 1 - list.selectedIndex);
    slider.setAttribute("aria-valuetext", list.options[list.selectedIndex].text);
  };
  slider.addEventListener("input", () => { list.selectedIndex = list.options.length - 1 - Number(slider.value); show(); });
  slider.addEventListener("change", () => list.form.requestSubmit());
  list.addEventListener("change", show);
  show();
  place.append(slider);
}

// One key for one judgement, and the next pair is fetched while this one is looked at.
function withKeys() {
  const form = document.querySelector("form[data-keys]");
  const next = form && fetch(form.dataset.next).then((answer) => (answer.ok && !answer.redirected ? answer.text() : "")).catch(() => "");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = new FormData(form, event.submitter);
    const ahead = new DOMParser().parseFromString(await next, "text/html").querySelector("#main");
    const kept = fetch(form.action, { method: "POST", body: new URLSearchParams(said), redirect: "manual" });
    if (!ahead?.querySelector("form[data-keys]")) { await kept; location.assign(after(said)); return; }
    // The next pair moves up to the place of the one that has been judged.
    ahead.querySelector("[name=skip]").value = said.get("skip");
    document.querySelector("#main").replaceWith(ahead);
    const answer = await kept;
    if (answer.type !== "opaqueredirect") { location.assign("/reviews"); return; }
    location.replace(after(said));
  });
}
const after = (said) => `/reviews?${new URLSearchParams({ skip: said.get("skip"), left: said.get("left"), right: said.get("right") })}`;
withKeys();
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  document.querySelector(`[data-key="${event.key.toLowerCase()}"]`)?.click();
});

// The days of a notice, computed while the form is filled in.
for (const field of document.querySelectorAll("[data-computed]")) {
  field.addEventListener("change", async () => {
    if (!field.value) return;
    const answer = await fetch(`${field.dataset.computed}?${new URLSearchParams({ notice: field.value, part: "notice" })}`);
    if (answer.ok && !answer.redirected) document.getElementById(field.dataset.into).innerHTML = await answer.text();
  });
}

// Browsers write a day in their own language: the words of the page's language stand beside the field.
const months = document.body.dataset.days.split("|");
for (const field of document.querySelectorAll("input[type=date]")) {
  const told = document.createElement("span");
  told.className = "hint day";
  const show = () => {
    const [year, month, day] = field.value.split("-");
    told.textContent = day ? months[month - 1].replace("D", Number(day)).replace("Y", Number(year)) : "";
  };
  field.addEventListener("input", show);
  show();
  field.after(told);
}
