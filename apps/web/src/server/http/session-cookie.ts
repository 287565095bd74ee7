import { tokenCookie } from "./token-cookie";
import type { TokenCookie } from "./token-cookie";

/**
 * Browsers keep cookies by host, not by port: the port in the name lets two servers on one machine be used side by side.
 * Behind https the `__Host-` prefix binds the cookie to this host and to secure connections.
 */
export const sessionCookie = ({ secure, port }: { secure: boolean; port: number }): TokenCookie =>
  tokenCookie({ name: secure ? "__Host-vpclab" : `vpclab-${port}`, path: "/", sameSite: "Lax", secure });
