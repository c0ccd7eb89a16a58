// The pair page: its print button.

import { offerPrinting } from "./print";

offerPrinting();
