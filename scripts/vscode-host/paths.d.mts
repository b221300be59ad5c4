export const CODE_SERVER_VERSION: string;
export const hostDir: string;
export const codeServerEntry: string;
export const vscodeDir: string;
export const readyMarker: string;
export function findChromium(): string | undefined;
