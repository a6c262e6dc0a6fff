// A button asks the browser for a passkey, and sends it with the form of the hidden field.

const button = document.querySelector("#mfa_webauthn_authenticate, #mfa_webauthn_reauthenticate");
const ids = { authenticate: button.id, credential: "id_credential", data: "js_data" };
window.allauth.webauthn.forms.authenticateForm({ ids });
