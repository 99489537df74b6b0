/**
 * The script that every page carries in its head, as short as it can be read: it runs before anything is seen.
 *
 * 1. It says that scripts run (`data-js`), and brings back what a reader has chosen (choices.ts) with the style sheet
 *    that makes it so: only one that is written while the page is parsed is there before the page is seen. Where nothing
 *    was chosen, or the browser keeps nothing, it throws in the middle.
 * 2. The scripts in templates (Waiting.astro) run once a reader does what they are for, and those that must be there for
 *    a reader's own click once a reader does anything (“any” < “b” < “click” < “f” < “focusin”). A click is kept
 *    meanwhile, and done when they are there; where they cannot be fetched, links do what they do without scripts.
 *    Whoever wants a new tab or window gets it.
 * 3. After a reload the history still has what was open: only photos (lightbox.ts) leave a state there.
 * 4. `/` leads to the search box, but for whoever is writing.
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

/** Grey on days of mourning, by the clock in China (UTC + 8 h = 288e5 ms): `data-mourning` of the root is from/to. */
const MOURNING = `;
let[a,b]=d.mourning.split('/'),n=new Date(Date.now()+288e5).toISOString().slice(0,10);
if(a<=n&&n<=b){
  let r=D.documentElement;
  r.className='mourning';
  r.style.filter='grayscale(1)'
}`;

/** `choices`: address of the style sheet for what a reader has chosen. `mourning`: there are days of mourning. */
export function headScript(choices: string, mourning: boolean): string {
  const script = `{${EVERY_PAGE}${mourning ? MOURNING : ''}}`;
  return script.replace(/\n\s*/gu, '').replace('CHOICES', choices);
}
