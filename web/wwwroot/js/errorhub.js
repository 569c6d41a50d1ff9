// The page's only script. Everything here is a convenience: with scripts off, links and forms do the same.
import { startCopying } from "./copy.js";
import { startWaiting } from "./onboarding.js";
import { startTheme } from "./theme.js";

startTheme();
startCopying();
startWaiting();
