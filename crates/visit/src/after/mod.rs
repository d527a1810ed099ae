//! After the visit: the summary, the portal that shows it, and two questions about comfort and privacy.
