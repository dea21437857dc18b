// The page „Unterlagen“: files are sent one after the other, each streamed to the inbox; presses of
// rendered buttons go to the server by their id. Names of files are only ever shown as text.
"use strict";

window.sozialraumDocuments = (() => {
  // As the server has it: ingest/sources.py.
  const MAX_BYTES = 200 * 1024 * 1024;
  const UPLOAD = "/unterlagen/hochladen";
  const queue = [];
  let sending = false;
  let pressedAt = -Infinity;
  // Whether something was begun whose end brings a part to read.
  let waiting = false;
  const BEGINS = /^(check|read|resume|undo|save|remove|purge)-/;
  // The title that leads back to the list; a removal leads there by itself, to what it tells.
  let opened = "";
  const LEADS = /^(show|remove|purge)-/;

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function land(goal) {
    pressedAt = -Infinity;
    goal.focus({ preventScroll: true });
    goal.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  }

  // Nobody's focus is taken away: only what a vanished button, or we, have left is moved.
  const free = () => document.activeElement.matches("body, [tabindex='-1']");

  // A rendered part: its buttons send their id, and what comes back takes the focus.
  function part(element, trigger, watch, press) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button[id]");
      if (!button || button.id === "choose-documents") return;
      pressedAt = performance.now();
      waiting = BEGINS.test(button.id);
      if (LEADS.test(button.id)) opened = button.id;
      trigger(press, { name: button.id });
    });
    watch("value", () => {
      const recent = performance.now() - pressedAt < 10_000;
      // Drawing takes a moment; other parts of the page may answer the same press.
      requestAnimationFrame(() => {
        const goal = element.querySelector("[tabindex='-1']");
        // While a refusal stands, nothing was begun here: how another's change ends isn't the answer.
        const refusal = document.querySelector("#documents-said .wrong");
        if (!goal || !goal.checkVisibility() || (refusal && refusal !== goal)) return;
        if (recent || (waiting && free())) land(goal);
      });
    });
  }

  // The list and a document take turns: each is built anew, with its value, whenever it is shown.
  function arrive(element) {
    requestAnimationFrame(() => {
      const goal = element.querySelector(`.document h2, button[id="${opened}"]`);
      if (goal && free()) land(goal);
    });
  }

  // -- uploading ---------------------------------------------------------------------------

  function note(list, name) {
    const line = document.createElement("p");
    const title = document.createElement("strong");
    const said = document.createElement("span");
    title.textContent = name;
    line.append(title, " ", said);
    list.append(line);
    return {
      say: (text) => {
        said.textContent = text;
      },
      refuse: (text) => {
        line.className = "wrong";
        said.textContent = text;
      },
      done: () => line.remove(),
    };
  }

  function send(file, told) {
    return new Promise((resolve) => {
      if (file.size > MAX_BYTES) {
        told.refuse("ist größer als 200 MB. Teilen Sie die Datei und laden Sie die Teile hoch.");
        resolve();
        return;
      }
      const request = new XMLHttpRequest();
      let shown = -1;
      request.upload.addEventListener("progress", (event) => {
        const percent = event.lengthComputable ? Math.floor((event.loaded / event.total) * 100) : 0;
        // In steps of ten, as a screen reader says each of them.
        if (Math.floor(percent / 10) === shown) return;
        shown = Math.floor(percent / 10);
        told.say(`wird hochgeladen, ${shown * 10} %`);
      });
      request.addEventListener("load", () => {
        if (request.status === 200) {
          told.done();
        } else {
          let message = "Die Datei konnte nicht hochgeladen werden.";
          try {
            message = JSON.parse(request.responseText).message || message;
          } catch {
            message = request.responseText.trim() || message;
          }
          told.refuse(message.replace(`„${file.name}“ `, ""));
        }
        resolve();
      });
      request.addEventListener("error", () => {
        told.refuse("Die Verbindung ist abgerissen. Bitte laden Sie die Datei noch einmal hoch.");
        resolve();
      });
      request.open("POST", UPLOAD);
      request.setRequestHeader("x-datei", encodeURIComponent(file.name));
      request.send(file);
    });
  }

  async function work(reload) {
    if (sending) return;
    sending = true;
    while (queue.length) {
      const { file, told } = queue.shift();
      await send(file, told);
      if (!queue.length) reload();
    }
    sending = false;
  }

  function uploads(element, trigger, press) {
    const zone = element.querySelector("#dropzone");
    const list = element.querySelector("#uploads");
    const choose = element.querySelector("#choose-documents");
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.hidden = true;
    input.setAttribute("aria-label", "Dateien");
    zone.append(input);
    const reload = () => {
      pressedAt = performance.now();
      trigger(press, { name: "reload-documents" });
    };

    function add(files) {
      for (const old of list.querySelectorAll(".wrong")) old.remove();
      for (const file of files) {
        const told = note(list, file.name);
        told.say("wartet");
        queue.push({ file, told });
      }
      work(reload);
    }

    choose.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      add([...input.files]);
      input.value = "";
    });
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      const folders = [...event.dataTransfer.items].some((item) => {
        const entry = item.webkitGetAsEntry && item.webkitGetAsEntry();
        return entry && entry.isDirectory;
      });
      if (folders) {
        const told = note(list, "Ordner");
        told.refuse("lassen sich nicht hochladen. Bitte packen Sie den Ordner als ZIP-Archiv.");
        return;
      }
      add([...event.dataTransfer.files]);
    });
    // A file that misses its place must not replace the page.
    for (const kind of ["dragover", "drop"]) {
      window.addEventListener(kind, (event) => event.preventDefault());
    }
  }

  return { arrive, part, uploads };
})();
