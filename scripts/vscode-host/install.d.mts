export function installHost(log?: (text: string) => void): Promise<void>;
