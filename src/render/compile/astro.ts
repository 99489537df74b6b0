/**
 * Loads Astro and disables its requests to other hosts: `build` would send telemetry to Astro's server, and `dev` would
 * ask for the newest version (https://astro.build/telemetry).
 */
export async function loadAstro(): Promise<typeof import('astro')> {
  process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
  process.env['ASTRO_DISABLE_UPDATE_CHECK'] = 'true';
  return import('astro');
}
