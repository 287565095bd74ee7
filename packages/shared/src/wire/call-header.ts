/**
 * Stands on every call that changes something. A page of another site can send it only after the browser has asked for permission
 * (CORS), which the server never gives: so a form, an image or a simple request of another site changes nothing.
 */
export const CALL_HEADER = { "x-vpclab": "1" } as const;
