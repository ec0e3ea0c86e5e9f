// The code is marked when the page comes, so that the next scan takes the place of one that was refused.
document.querySelector(".scan input[name=code]")?.select();
