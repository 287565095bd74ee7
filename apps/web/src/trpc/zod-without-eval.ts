import { config } from "zod";

// Zod looks once whether it may compile code from text, which the content security policy reports as an attack. In a page it need
// not look; in the process that renders pages, where this setting is the server's too, it may.
if (typeof window !== "undefined") config({ jitless: true });
