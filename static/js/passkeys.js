// Asks the browser for a passkey, and sends what it answers with the form. allauth's webauthn-json.js turns the options of the
// page into what browsers expect. Without JavaScript or without passkeys, these forms stay hidden: the code remains.

const FAULTS = {
  NotAllowedError: "La clé d’accès n’a pas été lue : la demande a été annulée, ou elle a duré trop longtemps. Recommencez.",
  InvalidStateError: "Cette clé d’accès est déjà ajoutée à votre compte.",
  SecurityError: "Les clés d’accès ne fonctionnent pas à cette adresse. Utilisez une autre façon de vous connecter.",
};
const OTHER = "La clé d’accès n’a pas été lue. Recommencez, ou utilisez une autre façon de vous connecter.";

const optionsOf = async (form) => {
  const written = document.getElementById("passkey-options");
  if (written) return JSON.parse(written.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const credentialFor = async (form) => {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "get") return webauthnJSON.get(options.request_options);
  const asked = structuredClone(options.creation_options);
  // The key must be found and must check its holder by itself: it then opens the portal without a password.
  Object.assign(asked.publicKey.authenticatorSelection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
  return webauthnJSON.create(asked);
};

const ask = async (event) => {
  const form = event.currentTarget;
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = "true";
  const told = form.querySelector("[data-passkey-told]");
  told.textContent = "";
  try {
    form.elements.credential.value = JSON.stringify(await credentialFor(form));
    form.submit();
  } catch (fault) {
    delete form.dataset.asking;
    told.textContent = FAULTS[fault.name] || OTHER;
  }
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", ask);
}
