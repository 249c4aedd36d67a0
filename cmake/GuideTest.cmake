# guide_test(<name> SOURCES file... [LINK target...] [TIMEOUT seconds] [LABELS label...] [ENVIRONMENT VAR=value...])
#
# One Catch2 program guide_<name>_tests; every test case in it is a test of its own for ctest, each with a time limit. A test
# that finds its real frames missing says "skipped: no ..." and counts as skipped. Catch2 2 has no exit code for that (its
# exit code is the number of failures), so ctest goes by the words.

function(guide_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  set(target guide_${name}_tests)
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE guide_test_support ${arg_LINK} guide_build_flags)
  set(properties TIMEOUT ${arg_TIMEOUT} LABELS "${name};${arg_LABELS}" SKIP_REGULAR_EXPRESSION "skipped: no ")
  if(arg_ENVIRONMENT)
    list(APPEND properties ENVIRONMENT "${arg_ENVIRONMENT}")
  endif()
  # A name that Catch2 does not find again must not pass as "no failures".
  catch_discover_tests(
    ${target}
    TEST_PREFIX "${name}."
    EXTRA_ARGS -w NoTests
    PROPERTIES ${properties})
endfunction()
