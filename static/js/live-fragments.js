// Fragments that refresh themselves: when the session has ended the answer is the sign-in page, which must not be put
// inside this one; the whole page is loaded again instead. A refused fragment stops being asked for.
"use strict";

document.addEventListener("htmx:beforeSwap", function (event) {
  const asked = event.detail.pathInfo.finalRequestPath.split("?")[0];
  const answered = event.detail.xhr.responseURL;
  if (answered && new URL(answered).pathname !== asked) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});

document.addEventListener("htmx:responseError", function (event) {
  const status = event.detail.xhr.status;
  if (status === 403 || status === 404) window.location.reload();
});
