// What is wrong is marked when the page comes, else the code, so that the next scan takes the place of one that was refused.
const box = document.querySelector(".scan input[aria-invalid]") ?? document.querySelector(".scan input[name=code]");
box?.focus();
box?.select();
