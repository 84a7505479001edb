// What the door shows, says and sounds: colour, words and tone always go together, so that none is the only sign.
"use strict";

window.Door = window.Door || {};

(function (Door) {
  const MUTED = "porte:muet";
  const LINES = 12;

  class Sound {
    constructor(button) {
      this.button = button;
      this.muted = false;
      try {
        this.muted = window.localStorage.getItem(MUTED) === "1";
      } catch {
        this.muted = false;
      }
      button.hidden = false;
      button.addEventListener("click", () => this.toggle());
      // Browsers let a page sound once it was touched.
      document.addEventListener("pointerdown", () => this.wake(), { once: true });
      document.addEventListener("keydown", () => this.wake(), { once: true });
      this.show();
    }

    wake() {
      const Context = window.AudioContext || window.webkitAudioContext;
      if (!this.context && Context) this.context = new Context();
    }

    toggle() {
      this.muted = !this.muted;
      try {
        window.localStorage.setItem(MUTED, this.muted ? "1" : "0");
      } catch {
        // The choice then lasts as long as the page.
      }
      this.show();
    }

    show() {
      this.button.setAttribute("aria-pressed", String(this.muted));
    }

    play(tone) {
      if (navigator.vibrate) navigator.vibrate(tone === "success" ? 80 : [180, 90, 180]);
      if (this.muted || !this.context) return;
      // High and rising for yes, low and twice for no, one short note for what waits.
      const notes = { success: [[660, 0], [990, 0.12]], danger: [[190, 0], [190, 0.22]], warning: [[330, 0]] };
      for (const [height, after] of notes[tone] || notes.warning) this.note(height, after);
    }

    note(height, after) {
      const begins = this.context.currentTime + after;
      const source = this.context.createOscillator();
      const volume = this.context.createGain();
      source.type = height < 300 ? "square" : "sine";
      source.frequency.value = height;
      volume.gain.setValueAtTime(0.2, begins);
      volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.18);
      source.connect(volume).connect(this.context.destination);
      source.start(begins);
      source.stop(begins + 0.2);
    }
  }

  class Screen {
    constructor(root, config) {
      this.root = root;
      this.words = config.words;
      this.panel = root.querySelector("[data-door-answer]");
      this.journal = root.querySelector("[data-door-journal]");
      this.sound = new Sound(root.querySelector("[data-door-mute]"));
    }

    // `answer` holds tone, word, sentence, who; `force` is called by « Laisser entrer ».
    answer(answer, force) {
      this.panel.dataset.tone = answer.tone;
      this.panel.replaceChildren(
        this.line("door-word", answer.word), this.line("door-who", answer.who || ""), this.line("door-sentence", answer.sentence),
      );
      if (answer.may_force && force) this.panel.append(this.button(force));
      this.sound.play(answer.tone);
    }

    button(force) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary";
      button.textContent = this.words.force;
      button.addEventListener("click", force, { once: true });
      return button;
    }

    line(name, text) {
      const line = document.createElement("p");
      line.className = name;
      line.textContent = text;
      line.hidden = !text;
      return line;
    }

    note(answer, late) {
      const line = document.createElement("li");
      line.dataset.tone = answer.tone;
      const word = document.createElement("strong");
      word.textContent = answer.word;
      const rest = [late ? this.words.late : "", answer.who, answer.sentence].filter(Boolean).join(" – ");
      line.append(word, " " + rest);
      this.journal.prepend(line);
      this.journal.closest("section").hidden = false;
      while (this.journal.children.length > LINES) this.journal.lastElementChild.remove();
    }

    waiting(number) {
      const line = this.root.querySelector("[data-door-waiting]");
      line.textContent = number ? this.words.waiting.replace("#", number) : "";
      line.hidden = !number;
    }

    tally(counted, expected) {
      this.root.querySelector("[data-door-tally]").textContent = this.words.tally
        .replace("#", counted).replace("#", expected);
    }

    // What holds for longer than a scan: the clock, the end of the visit, a refusal of the portal.
    warn(sentence) {
      const line = this.root.querySelector("[data-door-warning]");
      line.textContent = sentence;
      line.hidden = !sentence;
    }
  }

  Door.Screen = Screen;
})(window.Door);
