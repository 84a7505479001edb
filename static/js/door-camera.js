// Read tickets with the camera: by the browser's own reader where it has one, else by jsQR. Pictures never leave the phone.
"use strict";

window.Door = window.Door || {};

(function (Door) {
  const EVERY = 120;
  const WIDEST = 720;
  const SAME_TICKET = 4000;
  const WORDS = {
    NotAllowedError: "L’appareil photo est refusé à cette page. Autorisez-le dans les réglages du navigateur, ou tapez le code.",
    NotFoundError: "Ce téléphone n’a pas d’appareil photo que la page puisse ouvrir. Tapez le code, ou cherchez le nom.",
    NotReadableError: "Une autre application tient l’appareil photo. Fermez-la, puis recommencez.",
  };
  const OTHERWISE = "L’appareil photo ne s’ouvre pas. Tapez le code, ou cherchez le nom.";

  async function nativeReader() {
    if (!("BarcodeDetector" in window)) return null;
    try {
      const formats = await window.BarcodeDetector.getSupportedFormats();
      return formats.includes("qr_code") ? new window.BarcodeDetector({ formats: ["qr_code"] }) : null;
    } catch {
      return null;
    }
  }

  class Camera {
    constructor(video, read) {
      this.video = video;
      this.read = read;
      this.canvas = document.createElement("canvas");
      this.stream = null;
      this.seen = new Map();
    }

    get isOn() {
      return this.stream !== null;
    }

    // Return "" when the camera is on, else the sentence that says why not.
    async start() {
      if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return OTHERWISE;
      try {
        this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } });
      } catch (fault) {
        return WORDS[fault.name] || OTHERWISE;
      }
      this.native = await nativeReader();
      this.video.srcObject = this.stream;
      await this.video.play();
      this.look();
      return "";
    }

    stop() {
      if (!this.stream) return;
      for (const track of this.stream.getTracks()) track.stop();
      this.stream = null;
      this.video.srcObject = null;
    }

    async look() {
      if (!this.stream) return;
      if (this.video.readyState >= 2) {
        const text = await this.decode();
        if (text && !this.justSeen(text)) this.read(text);
      }
      window.setTimeout(() => this.look(), EVERY);
    }

    async decode() {
      if (this.native) {
        try {
          const found = await this.native.detect(this.video);
          return found.length ? found[0].rawValue : "";
        } catch {
          this.native = null;
        }
      }
      const ratio = Math.min(1, WIDEST / this.video.videoWidth);
      const width = Math.round(this.video.videoWidth * ratio);
      const height = Math.round(this.video.videoHeight * ratio);
      if (!width || !height) return "";
      this.canvas.width = width;
      this.canvas.height = height;
      const context = this.canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(this.video, 0, 0, width, height);
      const pixels = context.getImageData(0, 0, width, height);
      const found = window.jsQR(pixels.data, width, height, { inversionAttempts: "dontInvert" });
      return found ? found.data : "";
    }

    // A ticket held before the camera is read once, until it has been away for some seconds.
    justSeen(text) {
      const now = Date.now();
      const before = this.seen.get(text) || 0;
      this.seen.set(text, now);
      if (this.seen.size > 50) this.seen.delete(this.seen.keys().next().value);
      return now - before < SAME_TICKET;
    }
  }

  Door.Camera = Camera;
})(window.Door);
