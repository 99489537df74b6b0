import type { Page } from 'playwright-core';

/**
 * Adds the faults of a page to `faults` from now on: errors and warnings in the console, exceptions, failed requests,
 * responses with status 400 or higher, and requests to other origins. From the next page load on, also adds violations
 * of the content security policy.
 */
export async function noteFaults(page: Page, origin: string, faults: string[]): Promise<void> {
  page.on('console', (message) => {
    // The listener for responses reports these errors, with their URLs.
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
    // The browser aborts requests that are still running when the page is left: no fault.
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
