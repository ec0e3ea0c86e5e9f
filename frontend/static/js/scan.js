// What is wrong is marked when the page comes, else the code, so that the next scan takes the place of one that was refused.
{
  const wrong = document.querySelector(".scan input[aria-invalid]") ?? document.querySelector(".scan input[name=code]");
  wrong?.focus();
  wrong?.select();
}
