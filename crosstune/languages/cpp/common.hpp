/* Values of common types, compiled once like the templates in instances.hpp. */
