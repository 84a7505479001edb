// Drop a file on the panel instead of browsing for it. The plain file field works without this.
"use strict";

(function () {
  const mebibyte = 1024 * 1024;

  function enhance(zone) {
    const input = zone.querySelector("input[type=file]");
    const button = zone.querySelector("button[type=submit]");
    const limit = Number(input.dataset.limit);
    const hint = document.createElement("p");
    hint.className = "drop-hint";
    hint.textContent = "Déposez le fichier ici, ou choisissez-le ci-dessous.";
    input.closest("form").before(hint);
    const told = document.createElement("p");
    told.className = "drop-told";
    told.setAttribute("role", "status");
    input.closest("form").append(told);

    function tell() {
      const file = input.files[0];
      if (!file) {
        told.textContent = "";
      } else if (file.size > limit) {
        const size = Math.ceil(file.size / mebibyte);
        told.textContent = `« ${file.name} » pèse ${size} Mo : il dépasse la limite et sera refusé.`;
      } else {
        told.textContent = `Fichier choisi : « ${file.name} ».`;
      }
    }

    function over(event) {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      zone.classList.add("drop-here");
    }

    zone.addEventListener("dragenter", over);
    zone.addEventListener("dragover", over);
    zone.addEventListener("dragleave", function (event) {
      if (!zone.contains(event.relatedTarget)) zone.classList.remove("drop-here");
    });
    zone.addEventListener("drop", function (event) {
      zone.classList.remove("drop-here");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      input.files = event.dataTransfer.files;
      tell();
      button.focus();
    });
    input.addEventListener("change", tell);
  }

  document.querySelectorAll("[data-drop-zone]").forEach(enhance);
})();
