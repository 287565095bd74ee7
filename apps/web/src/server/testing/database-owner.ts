import pino from "pino";
import { openDatabase } from "../store/database";

// A process that opens an embedded database and waits to be killed: <data directory> <migrations directory>.
const [dataDirectory = "", migrationsDirectory = ""] = process.argv.slice(2);
const database = await openDatabase({ url: null, dataDirectory, migrationsDirectory, log: pino({ level: "silent" }), onFatal: () => process.exit(1) });
process.send?.({ pid: database.embeddedPid() });
