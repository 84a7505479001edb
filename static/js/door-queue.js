// What was read at the door is kept in this phone until the portal has answered it: a cut, a reload or a phone that goes
// to sleep loses nothing. Each reading has a nonce: sent twice, it counts once. The order is kept.
"use strict";

window.Door = window.Door || {};

(function (Door) {
  const AT_ONCE = 50;
  const PATIENCE = 8000;
  const LONGEST_WAIT = 60000;

  function nonce() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // One key a reading: two pages open on the same phone never erase what the other keeps.
  class Store {
    constructor(post) {
      this.prefix = "porte:" + post + ":";
      this.memory = new Map();
      this.keeps = true;
      try {
        window.localStorage.setItem(this.prefix + "essai", "1");
        window.localStorage.removeItem(this.prefix + "essai");
      } catch {
        this.keeps = false;
      }
    }

    put(reading) {
      this.memory.set(reading.nonce, reading);
      try {
        window.localStorage.setItem(this.prefix + reading.nonce, JSON.stringify(reading));
      } catch {
        this.keeps = false;
      }
    }

    drop(nonce) {
      this.memory.delete(nonce);
      if (this.keeps) window.localStorage.removeItem(this.prefix + nonce);
    }

    all() {
      const found = new Map(this.memory);
      if (this.keeps) {
        for (const key of Object.keys(window.localStorage)) {
          if (!key.startsWith(this.prefix)) continue;
          try {
            const reading = JSON.parse(window.localStorage.getItem(key));
            if (reading && reading.nonce) found.set(reading.nonce, reading);
          } catch {
            window.localStorage.removeItem(key);
          }
        }
        for (const kept of found.keys()) {
          // Another page of this phone has sent it.
          if (window.localStorage.getItem(this.prefix + kept) === null) {
            found.delete(kept);
            this.memory.delete(kept);
          }
        }
      }
      return Array.from(found.values()).sort((one, other) => one.order - other.order);
    }
  }

  class Queue {
    // `told` answers: answered(reading, answer, reply), cut(readings), refused(sentence), over(), changed(number).
    constructor(config, told) {
      this.url = config.urls.send;
      this.store = new Store(config.post);
      this.told = told;
      this.offset = this.clockOffset(config.now);
      this.failures = 0;
      this.sending = false;
      this.isOver = false;
      this.timer = 0;
      this.last = 0;
      window.addEventListener("online", () => this.flush());
      document.addEventListener("visibilitychange", () => {
        if (!document.hidden) this.flush();
      });
    }

    // A page that the phone kept (door-offline.js) says when it came: the two clocks are compared at that moment.
    clockOffset(written) {
      const kept = document.querySelector('meta[name="porte-recue"]');
      return Date.parse(written) - (kept ? Number(kept.content) : Date.now());
    }

    get waiting() {
      return this.store.all().length;
    }

    add(facts) {
      this.last = Math.max(Date.now() * 1000, this.last + 1);
      const reading = {
        nonce: nonce(), order: this.last, scanned_at: new Date(Date.now() + this.offset).toISOString(), offline: false, ...facts,
      };
      this.store.put(reading);
      this.told.changed(this.waiting);
      this.flush();
      return reading;
    }

    async flush() {
      if (this.sending || this.isOver) return;
      const batch = this.store.all().slice(0, AT_ONCE);
      if (!batch.length) return;
      this.sending = true;
      window.clearTimeout(this.timer);
      let wait = 0;
      try {
        wait = await this.send(batch);
      } catch {
        wait = this.cut(batch);
      }
      this.sending = false;
      this.told.changed(this.waiting);
      if (this.isOver || !this.waiting) return;
      if (wait) this.timer = window.setTimeout(() => this.flush(), wait);
      else this.flush();
    }

    // Return how long to wait before the next sending, in milliseconds; fail when the network does.
    async send(batch) {
      const giveUp = new AbortController();
      const timer = window.setTimeout(() => giveUp.abort(), PATIENCE);
      let response;
      try {
        response = await fetch(this.url, {
          method: "POST", cache: "no-store", redirect: "error", signal: giveUp.signal,
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ sent_at: new Date().toISOString(), readings: batch }),
        });
      } finally {
        window.clearTimeout(timer);
      }
      if (response.status === 404 || response.status === 410) {
        this.finish();
        return 0;
      }
      if (response.status === 409) {
        this.told.refused((await response.json()).refusal);
        return LONGEST_WAIT;
      }
      if (!response.ok) throw new Error("the portal did not answer");
      const reply = await response.json();
      this.failures = 0;
      const asked = new Map(batch.map((reading) => [reading.nonce, reading]));
      for (const answer of reply.answers) {
        this.store.drop(answer.nonce);
        this.told.answered(asked.get(answer.nonce), answer, reply);
      }
      return 0;
    }

    // The visit ended, or the post was closed: what is kept stays until the link is opened again.
    finish() {
      if (this.isOver) return;
      this.isOver = true;
      this.told.over();
    }

    cut(batch) {
      const fresh = batch.filter((reading) => !reading.offline);
      for (const reading of fresh) {
        reading.offline = true;
        this.store.put(reading);
      }
      this.told.cut(fresh);
      this.failures += 1;
      return Math.min(1000 * 2 ** this.failures, LONGEST_WAIT);
    }
  }

  Door.Queue = Queue;
})(window.Door);
