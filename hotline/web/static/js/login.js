// The demo's logins: a press fills the form and sends it.

const form = document.getElementById("sign-in");

for (const button of document.querySelectorAll("[data-login]")) {
  button.addEventListener("click", () => {
    form.elements.login.value = button.dataset.login;
    form.elements.password.value = button.dataset.password;
    form.requestSubmit();
  });
}
sessionStorage.clear(); // drafts of whoever sat here before
