import { tokenCookie } from "./token-cookie";
import type { TokenCookie } from "./token-cookie";

/** The one call that it is sent with. */
export const SIGN_IN_PATH = "/api/trpc/auth.signIn";

/** By which a browser is known in which somebody has signed in before. `__Host-` would ask for the path `/`. */
export const deviceCookie = ({ secure, port }: { secure: boolean; port: number }): TokenCookie =>
  tokenCookie({ name: secure ? "__Secure-vpclab-device" : `vpclab-device-${port}`, path: SIGN_IN_PATH, sameSite: "Strict", secure });
