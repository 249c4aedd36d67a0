# guide_test(<name> SOURCES file... [LINK target...] [TIMEOUT seconds] [LABELS label...] [ENVIRONMENT VAR=value...])
#
# One Catch2 program guide_<name>_tests; every test case in it is a test of its own for ctest, each with a time limit.

function(guide_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  set(target guide_${name}_tests)
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE guide_test_support ${arg_LINK} guide_build_flags)
  set(properties TIMEOUT ${arg_TIMEOUT} LABELS "${name};${arg_LABELS}" SKIP_RETURN_CODE 4)
  if(arg_ENVIRONMENT)
    list(APPEND properties ENVIRONMENT "${arg_ENVIRONMENT}")
  endif()
  catch_discover_tests(${target} TEST_PREFIX "${name}." PROPERTIES ${properties})
endfunction()
