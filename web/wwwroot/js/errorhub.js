// The page's only script. Everything here is a convenience: with scripts off, links and forms do the same.
import { startTheme } from "./theme.js";

startTheme();
