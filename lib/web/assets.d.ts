declare module "*.css";

/** Where the build put plotly: see bundle.mjs. */
declare const PLOTLY_URL: string;
