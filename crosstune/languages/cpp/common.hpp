/* Values of common types, compiled once like the templates in instances.hpp; included after them and values.hpp. */
#define COMMON(number, ...) \
  EXTERN template void crosstune::write(const __VA_ARGS__ &); \
  EXTERN template void crosstune::read(__VA_ARGS__ &); \
  EXTERN template struct crosstune::Argument<__VA_ARGS__>; \
  EXTERN template struct crosstune::Results<__VA_ARGS__, __VA_ARGS__, number>;
#define COMMON_SEQUENCE(...) \
  EXTERN template struct crosstune::Sequence<__VA_ARGS__>; \
  COMMON(false, __VA_ARGS__)
COMMON(true, bool)
COMMON(true, int)
COMMON(true, long long)
COMMON(true, float)
COMMON(true, double)
#ifdef CROSSTUNE_STRING
COMMON(false, std::string)
#endif
#ifdef CROSSTUNE_VECTOR
EXTERN template class std::vector<double>;
EXTERN template class std::vector<std::vector<int>>;
COMMON_SEQUENCE(std::vector<int>)
COMMON_SEQUENCE(std::vector<float>)
COMMON_SEQUENCE(std::vector<double>)
COMMON_SEQUENCE(std::vector<std::vector<int>>)
#ifdef CROSSTUNE_STRING
COMMON_SEQUENCE(std::vector<std::string>)
#endif
#endif
#undef COMMON
#undef COMMON_SEQUENCE
