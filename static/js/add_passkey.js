// The button “Add” asks the browser for a passkey, and sends it with the form.

const ids = {
  add: "mfa_webauthn_add",
  passwordless: "id_passwordless",
  credential: "id_credential",
  data: "js_data",
};
window.allauth.webauthn.forms.addForm({ ids });
