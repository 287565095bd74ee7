/** Where browsers reach this server. */
export interface Origins {
  /** For links that are printed. */
  readonly main: string;
  /** An `Origin` header must be one of these, exactly. A missing one and `null` are not. */
  allows(origin: string | undefined): boolean;
}

/** Fixed by the configuration, never taken from a request's Host header. */
export function originsOf({ publicUrl, port }: { publicUrl: string | null; port: number }): Origins {
  if (publicUrl !== null) {
    const main = new URL(publicUrl).origin;
    return { main, allows: (origin) => origin === main };
  }
  const names = ["localhost", "127.0.0.1", "[::1]"].map((host) => `http://${host}:${port}`);
  return { main: names[0] ?? "", allows: (origin) => origin !== undefined && names.includes(origin) };
}
