import type { Page } from 'playwright-core';

/** Notes what goes wrong on a page from now on: messages, breaches of its policy, requests that fail or leave. */
export async function noteFaults(page: Page, origin: string, faults: string[]): Promise<void> {
  page.on('console', (message) => {
    // Of answers tells the listener for answers, with their addresses.
    if (message.text().startsWith('Failed to load resource')) return;
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`${message.location().url}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`thrown at ${page.url()}: ${String(error)}`));
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (asked !== origin && protocol.startsWith('http')) faults.push(`request to ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // What a page still asks for when it is left is given up.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(`no answer: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  await page.exposeFunction('noteViolation', (violation: string) => faults.push(violation));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const note: unknown = Reflect.get(window, 'noteViolation');
      if (typeof note === 'function') note(`violates ${violatedDirective}: ${blockedURI}`);
    });
  });
}
