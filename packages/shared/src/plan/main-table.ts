/** Main routing table, as a number (rt_tables calls it "main"). */
export const MAIN_TABLE = "254";
