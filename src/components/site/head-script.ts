/**
 * The script in the head of every page, as short as is still readable. It runs before the page is shown.
 *
 * 1. Sets `data-js`, and restores the reading choices (choices.ts) with their style sheet: only a style sheet that is
 *    written while the page is parsed applies before the page is shown. If nothing was chosen, or the browser stores
 *    nothing, the `try` block throws before it writes one.
 * 2. Loads the scripts in templates (LazyScript.astro) when a reader needs them, and those with `on="any"` at the
 *    reader's first action (“any” < “b” < “click” < “f” < “focusin”). A click is held back until its script has loaded,
 *    then repeated. If the script cannot be fetched, the repeated click follows the link, as without scripts. Clicks
 *    with Ctrl or Cmd open a new tab or window as usual.
 * 3. After a reload, loads the lightbox if the history has a state: only photos (lightbox.ts) set one.
 * 4. The key `/` focuses the search box, unless the reader is typing in a field.
 */
const EVERY_PAGE = `
let D=document,d=D.documentElement.dataset,A=addEventListener;
d.js='';
try{
  Object.assign(d,JSON.parse(localStorage.choices));
  D.write('<link rel=stylesheet href=CHOICES>')
}catch{}
['click','focusin','scroll','pointerover'].map(n=>A(n,e=>{
  let c=n<'d';
  for(let t of D.querySelectorAll('template')){
    let{on:o,to:a}=t.dataset,s=t.content.children[0],g=(c?o<'f':o==n)&&!e.ctrlKey&&!e.metaKey&&e.target.closest(a);
    c&&g&&e.preventDefault(t.g=g);
    if(s&&(g||o<'b')){
      s.onload=s.onerror=()=>{t.remove();t.g?.click()};
      D.head.append(s)
    }
  }
},1));
onload=e=>{
  let t=history.state&&D.querySelector('[data-to*=enlarge]');
  t&&D.head.append(t.content)
};
A('keydown',e=>{
  let q=D.querySelector('[name=q]');
  if(q&&e.key=='/'&&!e.ctrlKey&&!e.target.closest('input,select')){
    e.preventDefault();
    q.focus();
    q.select()
  }
})`;

/** Makes pages grey on days of mourning, in China's time (UTC + 8 h = 288e5 ms). `data-mourning` is from/to. */
const MOURNING = `;
let[a,b]=d.mourning.split('/'),n=new Date(Date.now()+288e5).toISOString().slice(0,10);
if(a<=n&&n<=b){
  let r=D.documentElement;
  r.className='mourning';
  r.style.filter='grayscale(1)'
}`;

/** Returns the script. `choices`: address of the choices' style sheet. `mourning`: there are days of mourning. */
export function headScript(choices: string, mourning: boolean): string {
  const script = `{${EVERY_PAGE}${mourning ? MOURNING : ''}}`;
  return script.replace(/\n\s*/gu, '').replace('CHOICES', choices);
}
