"""Who looks after what in each place, a module each: posts, the people on them, and vacancies."""
