/**
 * Loads Astro so that it asks no other host: `build` would post telemetry to Astro's server, `dev` would ask for the
 * newest version (https://astro.build/telemetry).
 */
export async function loadAstro(): Promise<typeof import('astro')> {
  process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
  process.env['ASTRO_DISABLE_UPDATE_CHECK'] = 'true';
  return import('astro');
}
