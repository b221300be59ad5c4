/** The product's version; the bundler puts it in, from source it is unknown. */
export const VERSION: string = process.env['SIGHTLINE_VERSION'] ?? '0.0.0-source';
