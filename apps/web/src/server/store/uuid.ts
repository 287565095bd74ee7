const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** PostgreSQL fails on a text that is no UUID; what came from outside and is none is simply not there. */
export const isUuid = (text: string): boolean => UUID.test(text);
