/**
 * The script in the head of every page, as short as possible while readable. It runs before the page is shown.
 *
 * 1. Sets `data-js`. If there are stored reading choices (choices.ts), sets them and writes a link to their style sheet:
 *    only a style sheet that is written while the page is parsed applies before the page is shown. If nothing is
 *    stored, reading it throws, and no link is written.
 * 2. Loads the scripts in templates (LazyScript.astro) when their event occurs on their elements, and scripts with
 *    `on="any"` at the reader's first action on the page. (The code compares names by their order: “any” < “b” <
 *    “click” < “f” < “focusin”.) A click on an element that needs such a script is cancelled, and repeated after the
 *    script has loaded. If the script cannot be fetched, the repeated click follows the link, as without scripts.
 *    Clicks with Ctrl or Cmd open a new tab or window as usual.
 * 3. After a reload, loads the lightbox if the history has a state: only photos (lightbox.ts) set one.
 * 4. Focuses the search box if the reader presses `/` outside a field.
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

/**
 * Makes the page grey on days of mourning, by China's time (UTC + 8 h = 288e5 ms). `data-mourning` contains the first
 * and the last day, from/to, as YYYY-MM-DD.
 */
const MOURNING = `;
let[a,b]=d.mourning.split('/'),n=new Date(Date.now()+288e5).toISOString().slice(0,10);
if(a<=n&&n<=b){
  let r=D.documentElement;
  r.className='mourning';
  r.style.filter='grayscale(1)'
}`;

/**
 * Returns the script on one line. `choices`: URL of the style sheet of the reading choices. `mourning`: whether the
 * settings contain days of mourning.
 */
export function headScript(choices: string, mourning: boolean): string {
  const script = `{${EVERY_PAGE}${mourning ? MOURNING : ''}}`;
  return script.replace(/\n\s*/gu, '').replace('CHOICES', choices);
}
